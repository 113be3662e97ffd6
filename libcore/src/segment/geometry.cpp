// SPDX-License-Identifier: Apache-2.0
#include "segment/geometry.hpp"

#include <bit>
#include <string>

#include "shmvideo/error.hpp"
#include "shmvideo/layout.h"

namespace shmvideo {
namespace {

/// Large enough for any picture, small enough that no sum of ours can overflow.
constexpr std::uint64_t kSegmentMaxBytes = std::uint64_t{1} << 46;

std::uint64_t round_up_to_page(std::uint64_t bytes) {
  return (bytes + SHMV_PAGE_BYTES - 1) / SHMV_PAGE_BYTES * SHMV_PAGE_BYTES;
}

}  // namespace

Geometry plan_geometry(std::uint32_t slots, std::uint64_t slot_capacity_bytes) {
  if (slots < SHMV_SLOTS_MIN || slots > SHMV_SLOTS_MAX)
    throw Error(ErrorCode::invalid_argument, "a segment has " + std::to_string(SHMV_SLOTS_MIN) + " to " +
                                                 std::to_string(SHMV_SLOTS_MAX) + " slots, not " +
                                                 std::to_string(slots));
  if (slot_capacity_bytes == 0 || slot_capacity_bytes > kSegmentMaxBytes / slots)
    throw Error(ErrorCode::invalid_argument,
                "a slot cannot have " + std::to_string(slot_capacity_bytes) + " bytes");
  Geometry g;
  g.slot_count = slots;
  g.index_count = std::bit_ceil(2 * slots);
  g.descriptor_stride_bytes = SHMV_DESCRIPTOR_BYTES;
  g.descriptor_offset = SHMV_HEADER_BYTES;
  // Descriptors and index share pages: whoever is woken meets them with cold translations.
  g.index_offset = g.descriptor_offset + std::uint64_t{slots} * SHMV_DESCRIPTOR_BYTES;
  g.payload_offset = round_up_to_page(g.index_offset + std::uint64_t{g.index_count} * sizeof(std::uint64_t));
  g.slot_capacity_bytes = round_up_to_page(slot_capacity_bytes);
  g.slot_stride_bytes = g.slot_capacity_bytes;
  g.segment_bytes = g.payload_offset + slots * g.slot_stride_bytes;
  return g;
}

}  // namespace shmvideo
