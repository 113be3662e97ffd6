// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shmvideo/pixel_format.hpp"

namespace shmvideo::source {

/// What frames are to become on their way into a slot.
struct FrameWish {
  PixelFormat format = PixelFormat::bgr24;  ///< a raw one
  std::uint32_t width = 0;                  ///< 0: as they come, unscaled
  std::uint32_t height = 0;
};

}  // namespace shmvideo::source
