// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "codec/convert.hpp"
#include "codec/jpeg_decoder.hpp"
#include "shmvideo/frame_info.hpp"
#include "source/frame_source.hpp"
#include "source/v4l2/buffers.hpp"
#include "source/v4l2/mode_choice.hpp"
#include "source/v4l2/stream_format.hpp"

namespace shmvideo::source {

/// Makes what is published out of what the driver delivers. One thread at a time.
class FrameMaker {
 public:
  /// Throws Error(codec_failed) when out of memory.
  FrameMaker(const ModeChoice& mode, const StreamFormat& format, PixelFormat wished);

  /// What make() puts into `info`: of raw frames all but the number, of coded ones format and size.
  const FrameInfo& layout() const noexcept { return layout_; }
  /// Room that a slot needs.
  std::uint64_t payload_bytes() const noexcept { return payload_bytes_; }

  /// format_changed: a coded frame is larger than payload_bytes() was, which has grown to suit.
  FillStatus make(const DriverFrame& frame, std::span<std::byte> slot, FrameInfo& info) noexcept;

 private:
  FillStatus copy_coded(const DriverFrame& frame, std::span<std::byte> slot, FrameInfo& info) noexcept;
  bool draw(std::span<const std::byte> bytes, const MutablePicture& to) noexcept;

  ModeChoice mode_;
  FrameInfo native_;  // how a raw frame lies in the driver's buffer
  FrameInfo layout_;
  std::uint64_t payload_bytes_ = 0;
  codec::PictureConverter converter_;
  std::optional<codec::JpegDecoder> decoder_;
};

}  // namespace shmvideo::source
