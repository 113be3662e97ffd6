// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "shmvideo/pixel_format.hpp"
#include "source/frame_source.hpp"
#include "source/pacer.hpp"

namespace shmvideo::source {

struct PatternOptions {
  std::uint32_t width = 1920;
  std::uint32_t height = 1080;
  PixelFormat format = PixelFormat::bgr24;  ///< a raw one
  FrameRate rate{};
  bool is_fast = false;  ///< as many frames as anybody takes, without pacing
};

/// A moving test picture: colour bars and a grey ramp, the frame's number in squares (see
/// number_squares.hpp), the time of day and the number in digits, and a box that runs to and fro.
///
/// fill() draws what moves, and the rest only where the slot does not show it yet: it remembers what it
/// drew into which slot, and looks at some points before it believes that.
std::unique_ptr<FrameSource> make_pattern_source(const PatternOptions& options);

}  // namespace shmvideo::source
