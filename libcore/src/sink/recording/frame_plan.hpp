// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shmvideo/pixel_format.hpp"
#include "sink/recording/container.hpp"

namespace shmvideo::sink {

/// What is done with a frame on its way into the file.
enum class Treatment {
  encode_h264,
  encode_jpeg,
  encode_png,
  packed,  ///< its samples as they are, without gaps between rows
  planes,  ///< its planes, for a muxer that writes pictures
  copy,    ///< it is coded already
};

/// What frames are made into. Frames with equal plans fit into one file.
struct FramePlan {
  Treatment treatment = Treatment::packed;
  PixelFormat format = PixelFormat::i420;  ///< that the frame is converted to, or is coded in
  std::uint32_t width = 0;                 ///< pixels
  std::uint32_t height = 0;                ///< pixels
  bool is_full_range = false;
  bool operator==(const FramePlan&) const = default;
};

/// What the plan of a frame follows from.
struct FrameShape {
  PixelFormat format = PixelFormat::bgr24;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool is_full_range = false;
  bool operator==(const FrameShape&) const = default;
};

/// The plan for a frame of this shape. Throws Error(invalid_argument), which says what is
/// possible instead, where the container cannot hold it.
FramePlan plan_frame(Container container, Codec codec, const FrameShape& shape);

}  // namespace shmvideo::sink
