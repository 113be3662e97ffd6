// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace shmvideo::sink {

/// How a viewer wants its pictures.
struct Rendition {
  int quality = 85;               ///< 1 to 100
  bool is_quality_asked = false;  ///< by the viewer itself, and not just the server's default
};

/// What is made of a frame: two viewers whose wishes come to equal forms share one picture.
struct PictureForm {
  /// JPEG quality; 0: the frame is JPEG and goes out as it is.
  int quality = 0;
  bool is_as_is() const noexcept { return quality == 0; }
  bool operator==(const PictureForm&) const = default;
};

/// What `rendition` comes to for a frame that is, or is not, JPEG already. A JPEG frame is only encoded
/// anew for a viewer that asked for a quality.
inline PictureForm form_of(const Rendition& rendition, bool is_jpeg_frame) noexcept {
  return {is_jpeg_frame && !rendition.is_quality_asked ? 0 : rendition.quality};
}

}  // namespace shmvideo::sink
