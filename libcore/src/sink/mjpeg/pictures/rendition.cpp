// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/rendition.hpp"

#include <algorithm>
#include <cmath>

#include "shmvideo/pixel_format.hpp"

namespace shmvideo::sink {
namespace {

/// Chroma has a sample for each two pixels. A bound of 1 cannot be kept.
std::uint32_t even(double pixels, std::uint32_t bound) noexcept {
  const auto nearest = static_cast<std::uint32_t>(std::lround(pixels / 2)) * 2;
  return std::max<std::uint32_t>(bound != 0 && nearest > bound ? nearest - 2 : nearest, 2);
}

}  // namespace

PictureForm form_of(const Rendition& rendition, const FrameInfo& frame) noexcept {
  const bool is_jpeg = frame.fourcc == info_of(PixelFormat::jpeg).fourcc;
  const auto ratio = [](std::uint32_t bound, std::uint32_t size) {
    return bound == 0 || size == 0 ? 1.0 : static_cast<double>(bound) / size;
  };
  const double scale =
      std::min({1.0, ratio(rendition.width, frame.width), ratio(rendition.height, frame.height)});
  PictureForm form{.quality = rendition.quality};
  if (scale < 1.0) {
    form.width = even(frame.width * scale, rendition.width);
    form.height = even(frame.height * scale, rendition.height);
  } else if (is_jpeg && !rendition.is_quality_asked) {
    form.quality = 0;
  }
  return form;
}

}  // namespace shmvideo::sink
