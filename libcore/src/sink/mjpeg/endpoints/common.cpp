// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/endpoints/common.hpp"

#include <string>
#include <utility>

#include "sink/http/conditional.hpp"
#include "sink/mjpeg/viewers/multipart.hpp"

namespace shmvideo::sink {
namespace {

constexpr int kPixelsMax = 16384;

}  // namespace

Parameter pixels_parameter(std::string_view name, std::uint32_t& pixels) {
  return {name, [&pixels](const std::string& text) -> std::string {
            const auto number = parse_whole_number(text, 1, kPixelsMax);
            if (!number)
              return "must be a whole number from 1 to " + std::to_string(kPixelsMax) + ", not '" + text +
                     "'";
            pixels = static_cast<std::uint32_t>(*number);
            return {};
          }};
}

Channel* channel_of(const Serving& serving, const Request& request) {
  return serving.channels.asked_for(request);
}

Reply no_channel(const Serving& serving, const Request& request) {
  if (request.segment.empty()) return error_reply(503, "there is no segment to serve yet");
  std::string names;
  for (const auto& channel : serving.channels.all())
    if (!channel->is_private()) names.append(names.empty() ? "" : ", ").append(channel->name().str());
  return error_reply(404, "no segment '" + request.segment + "' is served here; there " +
                              (names.empty() ? "is none" : "are " + names));
}

Reply no_frames(const Channel& channel) {
  Reply reply = error_reply(503, channel.why_no_frames());
  reply.headers = "Retry-After: 1\r\n";
  return reply;
}

std::optional<Reply> known_frame(const Request& request, const FrameInfo& frame, std::string tag) {
  if (!has_matching_etag(request.if_none_match, tag)) return std::nullopt;
  Reply reply;
  reply.headers = frame_headers(frame);
  reply.etag = std::move(tag);
  return not_modified_reply(reply);
}

Parameter quality_parameter(const ServingDefaults& defaults, Rendition& rendition) {
  const auto& [low, high] = defaults.quality_limits;
  return number_parameter("quality", low, high, rendition.quality, &rendition.is_quality_asked);
}

Parameter width_parameter(Rendition& rendition) { return pixels_parameter("width", rendition.width); }
Parameter height_parameter(Rendition& rendition) { return pixels_parameter("height", rendition.height); }

Rendition default_rendition(const ServingDefaults& defaults) {
  return {.quality = defaults.quality, .width = defaults.width, .height = defaults.height};
}

}  // namespace shmvideo::sink
