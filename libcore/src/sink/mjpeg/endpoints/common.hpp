// SPDX-License-Identifier: Apache-2.0
// What several endpoints do alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sink/http/parameters.hpp"
#include "sink/http/router.hpp"
#include "sink/mjpeg/pictures/rendition.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

/// A name that a viewer gives itself; pages make one up to get a fresh connection past the browser's memory.
constexpr std::size_t kKeyBytesMax = 64;

/// The channel that the request is for; null: see no_channel().
Channel* channel_of(const Serving& serving, const Request& request);
/// 404 where the request names a segment that is not served, 503 where none is served yet.
Reply no_channel(const Serving& serving, const Request& request);
/// 503: nobody publishes.
Reply no_frames(const Channel& channel);

/// 304, where `tag` is of the newest frame and the client says that it has that: nothing need be made of it.
std::optional<Reply> known_frame(const Request& request, const FrameInfo& frame, std::string tag);

/// Pixels, in width or in height.
Parameter pixels_parameter(std::string_view name, std::uint32_t& pixels);
/// quality, width and height of a rendition. Both arguments outlive the parameters.
Parameter quality_parameter(const ServingDefaults& defaults, Rendition& rendition);
Parameter width_parameter(Rendition& rendition);
Parameter height_parameter(Rendition& rendition);
/// The rendition of those who ask for nothing.
Rendition default_rendition(const ServingDefaults& defaults);

}  // namespace shmvideo::sink
