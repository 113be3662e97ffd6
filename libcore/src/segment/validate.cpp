// SPDX-License-Identifier: Apache-2.0
#include "segment/validate.hpp"

#include <bit>
#include <cstring>

#include "segment/crc32c.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo {
namespace {

constexpr std::uint64_t kKnownIncompatibleFeatures = 0;

/// [offset, offset + count * stride) without overflow; false if it has any.
bool region_end(std::uint64_t offset, std::uint64_t count, std::uint64_t stride, std::uint64_t& end) {
  std::uint64_t bytes = 0;
  return !__builtin_mul_overflow(count, stride, &bytes) && !__builtin_add_overflow(offset, bytes, &end);
}

/// What contradicts what in the sizes, or nullptr.
const char* complaint(const shmv_header& h, std::uint64_t file_bytes) {
  if (h.header_bytes < SHMV_HEADER_BYTES || h.header_bytes % SHMV_PAGE_BYTES != 0) return "header size";
  if (h.slot_count < SHMV_SLOTS_MIN || h.slot_count > SHMV_SLOTS_MAX) return "number of slots";
  if (!std::has_single_bit(h.index_count) || h.index_count < 2 * h.slot_count ||
      h.index_count > SHMV_INDEX_MAX)
    return "size of the index";
  if (h.descriptor_stride_bytes < SHMV_DESCRIPTOR_BYTES || h.descriptor_stride_bytes % 64 != 0)
    return "size of a descriptor";
  if (h.slot_stride_bytes % SHMV_PAGE_BYTES != 0 || h.slot_capacity_bytes == 0 ||
      h.slot_capacity_bytes > h.slot_stride_bytes)
    return "size of a slot";
  if (h.descriptor_offset % 64 != 0 || h.index_offset % 64 != 0 || h.payload_offset % SHMV_PAGE_BYTES != 0)
    return "alignment of a region";
  std::uint64_t descriptors_end = 0;
  std::uint64_t index_end = 0;
  std::uint64_t payload_end = 0;
  if (!region_end(h.descriptor_offset, h.slot_count, h.descriptor_stride_bytes, descriptors_end) ||
      !region_end(h.index_offset, h.index_count, sizeof(std::uint64_t), index_end) ||
      !region_end(h.payload_offset, h.slot_count, h.slot_stride_bytes, payload_end))
    return "a region without end";
  if (h.descriptor_offset < h.header_bytes || h.index_offset < descriptors_end ||
      h.payload_offset < index_end)
    return "overlapping regions";
  if (payload_end > h.segment_bytes) return "regions beyond the segment";
  if (h.segment_bytes > file_bytes) return "a file shorter than the segment";
  return nullptr;
}

}  // namespace

Geometry validate_header(const shmv_header& h, std::uint64_t file_bytes, const std::string& what) {
  if (h.magic != SHMV_MAGIC) throw Error(ErrorCode::not_a_segment, what + " is not a shm-video segment");
  if (h.abi_major != SHMV_ABI_MAJOR)
    throw Error(ErrorCode::incompatible, what + " has segment format " + std::to_string(h.abi_major) +
                                             ", this program reads format " + std::to_string(SHMV_ABI_MAJOR) +
                                             ": use tools of one version");
  if (h.endian_tag != SHMV_ENDIAN_TAG)
    throw Error(ErrorCode::incompatible, what + " was written on a machine of the other byte order");
  if (h.feature_incompat & ~kKnownIncompatibleFeatures)
    throw Error(ErrorCode::incompatible, what + " uses features that this version does not know: upgrade it");
  const bool has_crc = h.immutable_bytes == offsetof(shmv_header, crc32c) + sizeof h.crc32c;
  if (!has_crc || crc32c(&h, offsetof(shmv_header, crc32c)) != h.crc32c)
    throw Error(ErrorCode::corrupt, what + " is damaged (checksum of the header)");
  if (const char* why = complaint(h, file_bytes))
    throw Error(ErrorCode::corrupt, what + " is damaged (" + why + ")");
  return {h.slot_count,        h.index_count,         h.descriptor_stride_bytes,
          h.descriptor_offset, h.index_offset,        h.payload_offset,
          h.slot_stride_bytes, h.slot_capacity_bytes, h.segment_bytes};
}

}  // namespace shmvideo
