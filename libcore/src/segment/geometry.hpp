// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo {

/// Where everything in a segment is; a private copy, made by us or validated, so that offsets are
/// never read twice from shared memory.
struct Geometry {
  std::uint32_t slot_count = 0;
  std::uint32_t index_count = 0;  ///< a power of two
  std::uint32_t descriptor_stride_bytes = 0;
  std::uint64_t descriptor_offset = 0;
  std::uint64_t index_offset = 0;
  std::uint64_t payload_offset = 0;
  std::uint64_t slot_stride_bytes = 0;
  std::uint64_t slot_capacity_bytes = 0;
  std::uint64_t segment_bytes = 0;
};

/// The geometry of a new segment. Throws Error(invalid_argument) for slots or sizes out of range.
Geometry plan_geometry(std::uint32_t slots, std::uint64_t slot_capacity_bytes);

}  // namespace shmvideo
