// SPDX-License-Identifier: Apache-2.0
// What several endpoints do alike.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sink/http/parameters.hpp"
#include "sink/http/router.hpp"
#include "sink/mjpeg/pictures/rendition.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

/// The channel that the request is for; null: see no_channel().
Channel* channel_of(const Serving& serving, const Request& request);
/// 404 where the request names a segment that is not served, 503 where none is served yet.
Reply no_channel(const Serving& serving, const Request& request);
/// 503: nobody publishes.
Reply no_frames(const Channel& channel);

/// 304, where `tag` is of the newest frame and the client says that it has that: nothing need be made of it.
std::optional<Reply> known_frame(const Request& request, const FrameInfo& frame, std::string tag);

/// What several endpoints take. `usual` is what holds where it is not given; 0: the frame's own.
Parameter quality_parameter(const ServingDefaults& defaults, std::function<void(int)> take);
Parameter width_parameter(std::uint32_t usual, std::function<void(int)> take);
Parameter height_parameter(std::uint32_t usual, std::function<void(int)> take);
/// What a viewer calls itself. `key` outlives it.
Parameter key_parameter(std::string& key);
/// The rendition of those who ask for nothing.
Rendition default_rendition(const ServingDefaults& defaults);

}  // namespace shmvideo::sink
