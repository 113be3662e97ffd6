// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shmvideo/frame_info.hpp"

namespace shmvideo::sink {

/// How a viewer wants its pictures.
struct Rendition {
  int quality = 85;               ///< 1 to 100
  bool is_quality_asked = false;  ///< by the viewer itself, and not just the server's default
  /// Pixels that a picture may have at most; 0: as many as the frame. A picture keeps the frame's ratio of
  /// width to height, and is never larger than the frame.
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// What is made of a frame: two viewers whose wishes come to equal forms share one picture.
struct PictureForm {
  /// JPEG quality; 0: the frame is JPEG and goes out as it is.
  int quality = 0;
  /// Size of the picture in pixels; 0: that of the frame.
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool is_as_is() const noexcept { return quality == 0; }
  bool operator==(const PictureForm&) const = default;
};

/// What `rendition` comes to for such a frame. One that is JPEG already is only encoded anew for a viewer
/// that asked for a quality, or for less than its size.
PictureForm form_of(const Rendition& rendition, const FrameInfo& frame) noexcept;

}  // namespace shmvideo::sink
