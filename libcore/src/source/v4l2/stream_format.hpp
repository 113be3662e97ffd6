// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shmvideo/frame_info.hpp"
#include "shmvideo/pixel_format.hpp"
#include "source/v4l2/modes.hpp"

namespace shmvideo::source {

class Device;

/// The picture format that a device stands at, of single-planar and multi-planar drivers alike.
struct StreamFormat {
  std::uint32_t fourcc = 0;  ///< V4L2's
  PictureSize size;
  std::uint32_t row_bytes = 0;     ///< bytes from row to row of the first plane; 0: packed
  std::uint32_t buffer_bytes = 0;  ///< the largest frame
  bool is_interlaced = false;
  std::uint8_t colour_range = 0;   ///< as in FrameInfo
  std::uint8_t colour_matrix = 2;  ///< as in FrameInfo
};

/// Throws Error(source_failed).
StreamFormat read_format(const Device& device);
/// Asks for a format and tells what came of it. Throws Error(source_failed), with who uses the device
/// where that is what is in the way.
StreamFormat set_format(const Device& device, std::uint32_t fourcc, PictureSize size);

/// The rate the device stands at; numerator 0 where it does not say.
FrameRate read_rate(const Device& device) noexcept;
/// Asks for a rate and tells what came of it.
FrameRate set_rate(const Device& device, FrameRate rate) noexcept;

/// How a raw frame of this format lies in its buffer: where V4L2 puts its planes.
FrameInfo layout_of(const StreamFormat& format, PixelFormat known) noexcept;

}  // namespace shmvideo::source
