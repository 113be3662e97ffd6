// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sink/mjpeg/endpoints/common.hpp"
#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/endpoints/raw_request.hpp"
#include "sink/mjpeg/frame_tag.hpp"

namespace shmvideo::sink {
namespace {

Parameter format_parameter(RawWish& wish) {
  std::vector<std::string_view> names;
  for (const PixelFormatInfo& each : pixel_formats()) names.push_back(each.name);
  return choice_parameter("format", std::move(names),
                          "Pixel format to convert to; without it, the frame's own.",
                          [&wish](const std::string& given) {
                            wish.format = pixel_format_from_name(given);
                            return wish.format.has_value();
                          });
}

/// What is given goes into `wish` and `key`, which outlive them.
std::vector<Parameter> parameters(RawWish& wish, std::string& key) {
  return {format_parameter(wish),
          width_parameter(0, [&wish](int given) { wish.width = static_cast<std::uint32_t>(given); }),
          height_parameter(0, [&wish](int given) { wish.height = static_cast<std::uint32_t>(given); }),
          key_parameter(key)};
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

std::vector<ParameterForm> raw_parameters() {
  RawWish wish;
  std::string key;
  return forms_of(parameters(wish, key));
}

Outcome raw(Serving& serving, const Request& request) {
  Channel* const channel = channel_of(serving, request);
  if (!channel) return no_channel(serving, request);
  RawWish wish;
  std::string key;
  if (const auto mistake = read_parameters(request.target, parameters(wish, key)); !mistake.empty()) {
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
