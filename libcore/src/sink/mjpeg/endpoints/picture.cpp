// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

/// What is given goes into `rendition` and `key`, which outlive them.
std::vector<Parameter> parameters(const ServingDefaults& defaults, Rendition& rendition, std::string& key) {
  return {quality_parameter(defaults,
                            [&rendition](int given) {
                              rendition.quality = given;
                              rendition.is_quality_asked = true;
                            }),
          width_parameter(defaults.width,
                          [&rendition](int given) { rendition.width = static_cast<std::uint32_t>(given); }),
          height_parameter(defaults.height,
                           [&rendition](int given) { rendition.height = static_cast<std::uint32_t>(given); }),
          key_parameter(key)};
}

}  // namespace

std::vector<ParameterForm> picture_parameters(const ServingDefaults& defaults) {
  Rendition rendition;
  std::string key;
  return forms_of(parameters(defaults, rendition, key));
}

Outcome picture(Serving& serving, const Request& request) {
  Channel* const channel = channel_of(serving, request);
  if (!channel) return no_channel(serving, request);
  Rendition rendition = default_rendition(serving.defaults);
  std::string key;
  const auto known = parameters(serving.defaults, rendition, key);
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
