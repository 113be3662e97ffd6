// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/endpoints/common.hpp"

#include <string>
#include <utility>

#include "sink/http/conditional.hpp"
#include "sink/mjpeg/viewers/multipart.hpp"

namespace shmvideo::sink {
namespace {

constexpr int kPixelsMax = 16384;

/// A name that a viewer gives itself; pages make one up to get a fresh connection past the browser's memory.
constexpr std::size_t kKeyBytesMax = 64;

WholeNumber pixels(std::uint32_t usual) {
  WholeNumber number{1, kPixelsMax};
  if (usual > 0) number.usual = static_cast<int>(usual);
  return number;
}

}  // namespace

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

Reply no_frames(const Channel& channel) { return try_again_reply(channel.why_no_frames()); }

std::optional<Reply> known_frame(const Request& request, const FrameInfo& frame, std::string tag) {
  if (!has_matching_etag(request.if_none_match, tag)) return std::nullopt;
  Reply reply;
  reply.headers = frame_headers(frame);
  reply.etag = std::move(tag);
  return not_modified_reply(reply);
}

Parameter quality_parameter(const ServingDefaults& defaults, std::function<void(int)> take) {
  const auto& [low, high] = defaults.quality_limits;
  return number_parameter("quality", {low, high, defaults.quality}, "JPEG quality.", std::move(take));
}

Parameter width_parameter(std::uint32_t usual, std::function<void(int)> take) {
  return number_parameter(
      "width", pixels(usual),
      "Pixels at most; a picture keeps its ratio and never becomes larger than its frame.", std::move(take));
}

Parameter height_parameter(std::uint32_t usual, std::function<void(int)> take) {
  return number_parameter("height", pixels(usual), "As width, from top to bottom.", std::move(take));
}

Parameter key_parameter(std::string& key) {
  return text_parameter("key", kKeyBytesMax, "What the client calls itself; shown in status and logs.",
                        [&key](const std::string& given) { key = given; });
}

Rendition default_rendition(const ServingDefaults& defaults) {
  return {.quality = defaults.quality, .width = defaults.width, .height = defaults.height};
}

}  // namespace shmvideo::sink
