// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <utility>

#include "sink/mjpeg/endpoints/common.hpp"
#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/endpoints/raw_request.hpp"
#include "sink/mjpeg/frame_tag.hpp"

namespace shmvideo::sink {
namespace {

Parameter format_parameter(RawWish& wish) {
  return {"format", [&wish](const std::string& text) -> std::string {
            wish.format = pixel_format_from_name(text);
            if (wish.format) return {};
            std::string names;
            for (const PixelFormatInfo& each : pixel_formats())
              names.append(names.empty() ? "" : ", ").append(each.name);
            return "must be one of " + names + ", not '" + text + "'";
          }};
}

/// What the client has already, if that is still the newest frame in the form that it asks for.
std::optional<Reply> known(const Request& request, const Channel& channel, const RawWish& wish) {
  const FedFrame& newest = channel.newest();
  if (request.if_none_match.empty() || !newest.frame) return std::nullopt;
  std::string ignored;
  const auto form = raw_form(newest.frame->info(), wish, ignored);
  if (!form) return std::nullopt;
  return known_frame(request, *form, frame_tag(*form, "raw-" + raw_form_name(*form)));
}

}  // namespace

Outcome raw(Serving& serving, const Request& request) {
  Channel* const channel = channel_of(serving, request);
  if (!channel) return no_channel(serving, request);
  RawWish wish;
  std::string key;
  const std::array parameters{format_parameter(wish), pixels_parameter("width", wish.width),
                              pixels_parameter("height", wish.height),
                              text_parameter("key", kKeyBytesMax, key)};
  if (const auto mistake = read_parameters(request.target, parameters); !mistake.empty()) {
    return error_reply(400, mistake);
  }
  const auto demand = channel->demand();
  if (!channel->has_writer()) return no_frames(*channel);
  if (auto reply = known(request, *channel, wish)) return std::move(*reply);
  return Later([&serving, channel, wish](ReplyTo reply_to) {
    RawRequest::start(serving, *channel, wish, std::move(reply_to));
  });
}

}  // namespace shmvideo::sink
