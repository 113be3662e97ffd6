// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "shmvideo/frame_info.hpp"
#include "shmvideo/name.hpp"
#include "shmvideo/picture.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::inspect {

/// A copy of a segment's newest frame.
struct NewestFrame {
  FrameInfo info;
  std::vector<std::byte> bytes;
};

/// Copies the newest frame, also of a dead writer. Waits up to `timeout` for the segment, and as long
/// for its first frame. Throws Error: not_found, source_failed (no frame yet), and Reader::attach()'s.
NewestFrame read_newest_frame(const SegmentName& name, std::chrono::nanoseconds timeout,
                              toolkit::ToolContext& context);

/// A picture that owns its samples: RGB24 without gaps between the rows.
struct RgbPicture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<std::byte> samples;
};

/// Throws Error(codec_failed) for what cannot be shown as one picture (H.264, damaged JPEG).
RgbPicture to_rgb(const NewestFrame& frame);

/// The frame's planes, for encoders; checked against its size. Throws Error(codec_failed).
Picture planes_of(const NewestFrame& frame);

}  // namespace shmvideo::inspect
