// SPDX-License-Identifier: Apache-2.0
#include "transport/descriptor.hpp"

namespace shmvideo {

[[gnu::hot]] shmv_descriptor to_descriptor(const FrameInfo& info) noexcept {
  shmv_descriptor d{};
  d.payload_bytes = info.payload_bytes;
  for (unsigned i = 0; i < SHMV_PLANES_MAX; ++i) {
    d.plane_offset[i] = info.plane_offset[i];
    d.plane_stride[i] = info.plane_stride[i];
  }
  d.plane_count = info.plane_count;
  d.fourcc = info.fourcc;
  d.width = info.width;
  d.height = info.height;
  d.flags = info.flags;
  d.format_epoch = info.format_epoch;
  d.capture_monotonic_ns = info.capture_monotonic_ns;
  d.capture_realtime_ns = info.capture_realtime_ns;
  d.publish_monotonic_ns = info.publish_monotonic_ns;
  d.pts = info.pts;
  d.dts = info.dts;
  d.duration = info.duration;
  d.timebase_numerator = info.timebase_numerator;
  d.timebase_denominator = info.timebase_denominator;
  d.key_number = info.key_number;
  d.source_number = info.source_number;
  d.colour_range = info.colour_range;
  d.colour_primaries = info.colour_primaries;
  d.colour_transfer = info.colour_transfer;
  d.colour_matrix = info.colour_matrix;
  return d;
}

[[gnu::hot]] void to_info(const shmv_descriptor& d, std::uint64_t number, std::uint64_t generation,
                          FrameInfo& info) noexcept {
  info.number = number;
  info.generation = generation;
  info.publish_monotonic_ns = d.publish_monotonic_ns;
  info.key_number = d.key_number;
  info.format_epoch = d.format_epoch;
  info.payload_bytes = d.payload_bytes;
  info.fourcc = d.fourcc;
  info.width = d.width;
  info.height = d.height;
  info.flags = d.flags;
  info.plane_count = d.plane_count;
  for (unsigned i = 0; i < SHMV_PLANES_MAX; ++i) {
    info.plane_offset[i] = d.plane_offset[i];
    info.plane_stride[i] = d.plane_stride[i];
  }
  info.capture_monotonic_ns = d.capture_monotonic_ns;
  info.capture_realtime_ns = d.capture_realtime_ns;
  info.pts = d.pts;
  info.dts = d.dts;
  info.duration = d.duration;
  info.timebase_numerator = d.timebase_numerator;
  info.timebase_denominator = d.timebase_denominator;
  info.source_number = d.source_number;
  info.colour_range = d.colour_range;
  info.colour_primaries = d.colour_primaries;
  info.colour_transfer = d.colour_transfer;
  info.colour_matrix = d.colour_matrix;
}

[[gnu::hot]] bool is_consistent(const FrameInfo& info, std::uint64_t slot_capacity_bytes) noexcept {
  if (info.payload_bytes == 0 || info.payload_bytes > slot_capacity_bytes) return false;
  if (info.width > SHMV_DIMENSION_MAX || info.height > SHMV_DIMENSION_MAX) return false;
  if (info.plane_count > SHMV_PLANES_MAX) return false;
  for (std::uint32_t i = 0; i < info.plane_count; ++i)
    if (info.plane_offset[i] >= info.payload_bytes) return false;
  return true;
}

}  // namespace shmvideo
