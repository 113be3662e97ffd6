// SPDX-License-Identifier: Apache-2.0
#include "capi/frame_info.hpp"

#include <algorithm>

namespace shmvideo::capi {

shmv_frame_info to_c(const FrameInfo& info) noexcept {
  shmv_frame_info c{};
  c.struct_bytes = sizeof c;
  c.fourcc = info.fourcc;
  c.width = info.width;
  c.height = info.height;
  c.payload_bytes = info.payload_bytes;
  c.flags = info.flags;
  c.plane_count = info.plane_count;
  std::copy(info.plane_offset.begin(), info.plane_offset.end(), c.plane_offset);
  std::copy(info.plane_stride.begin(), info.plane_stride.end(), c.plane_stride);
  c.capture_monotonic_ns = info.capture_monotonic_ns;
  c.capture_realtime_ns = info.capture_realtime_ns;
  c.pts = info.pts;
  c.dts = info.dts;
  c.duration = info.duration;
  c.timebase_numerator = info.timebase_numerator;
  c.timebase_denominator = info.timebase_denominator;
  c.source_number = info.source_number;
  c.colour_range = info.colour_range;
  c.colour_primaries = info.colour_primaries;
  c.colour_transfer = info.colour_transfer;
  c.colour_matrix = info.colour_matrix;
  c.format_epoch = info.format_epoch;
  c.number = info.number;
  c.generation = info.generation;
  c.publish_monotonic_ns = info.publish_monotonic_ns;
  c.key_number = info.key_number;
  return c;
}

FrameInfo from_c(const shmv_frame_info& c) noexcept {
  FrameInfo info;
  info.payload_bytes = c.payload_bytes;
  info.fourcc = c.fourcc;
  info.width = c.width;
  info.height = c.height;
  info.flags = c.flags;
  info.plane_count = c.plane_count;
  std::copy(std::begin(c.plane_offset), std::end(c.plane_offset), info.plane_offset.begin());
  std::copy(std::begin(c.plane_stride), std::end(c.plane_stride), info.plane_stride.begin());
  info.capture_monotonic_ns = c.capture_monotonic_ns;
  info.capture_realtime_ns = c.capture_realtime_ns;
  info.pts = c.pts;
  info.dts = c.dts;
  info.duration = c.duration;
  info.timebase_numerator = c.timebase_numerator;
  info.timebase_denominator = c.timebase_denominator;
  info.source_number = c.source_number;
  info.colour_range = c.colour_range;
  info.colour_primaries = c.colour_primaries;
  info.colour_transfer = c.colour_transfer;
  info.colour_matrix = c.colour_matrix;
  return info;
}

shmv_frame_info initial_frame_info() noexcept { return to_c(FrameInfo{}); }

}  // namespace shmvideo::capi
