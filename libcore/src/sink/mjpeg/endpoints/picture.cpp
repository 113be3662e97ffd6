// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "sink/mjpeg/endpoints/common.hpp"
#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/frame_tag.hpp"
#include "sink/mjpeg/viewers/snapshot.hpp"

namespace shmvideo::sink {
namespace {

/// What the client has already, if that is still the newest picture: not even encoded, then.
std::optional<Reply> known_picture(const Request& request, const Channel& channel,
                                   const Rendition& rendition) {
  const FedFrame& newest = channel.newest();
  if (request.if_none_match.empty() || !newest.frame) return std::nullopt;
  const FrameInfo& frame = newest.frame->info();
  return known_frame(request, frame, frame_tag(frame, form_of(rendition, frame)));
}

}  // namespace

Outcome picture(Serving& serving, const Request& request) {
  Channel* const channel = channel_of(serving, request);
  if (!channel) return no_channel(serving, request);
  Rendition rendition = default_rendition(serving.defaults);
  std::string key;
  const std::array known{quality_parameter(serving.defaults, rendition), width_parameter(rendition),
                         height_parameter(rendition), text_parameter("key", kKeyBytesMax, key)};
  if (const auto mistake = read_parameters(request.target, known); !mistake.empty()) {
    return error_reply(400, mistake);
  }
  const auto demand = channel->demand();
  if (!channel->has_writer()) return no_frames(*channel);
  if (auto reply = known_picture(request, *channel, rendition)) return std::move(*reply);
  return Later([executor = serving.executor, channel, rendition,
                timeout = serving.defaults.first_picture_timeout](ReplyTo reply_to) {
    Snapshot::start(executor, *channel, rendition, timeout, std::move(reply_to));
  });
}

}  // namespace shmvideo::sink
