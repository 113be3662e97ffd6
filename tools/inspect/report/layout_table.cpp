// SPDX-License-Identifier: Apache-2.0
#include "report/layout_table.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "shmvideo/layout.h"

namespace shmvideo::inspect {
namespace {

using toolkit::Json;

struct Field {
  std::string_view name;
  std::string_view type;  // of one element
  std::size_t offset;
  std::size_t bytes;
  std::size_t elements;  // 0: no array
};

template <typename T>
constexpr std::string_view type_name() {
  if constexpr (std::is_same_v<T, char>)
    return "char";
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    return "uint8";
  else if constexpr (std::is_same_v<T, std::uint16_t>)
    return "uint16";
  else if constexpr (std::is_same_v<T, std::uint32_t>)
    return "uint32";
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return "uint64";
  else if constexpr (std::is_same_v<T, shmv_stage_times>)
    return "shmv_stage_times";
  else
    return static_cast<std::string_view>(std::is_same_v<T, std::int64_t> ? "int64" : throw "unknown type");
}

template <typename Member>
constexpr Field field(std::string_view name, std::size_t offset) {
  return {name, type_name<std::remove_all_extents_t<Member>>(), offset, sizeof(Member),
          std::extent_v<Member>};
}

#define SHMV_FIELD(type, member) field<decltype(type::member)>(#member, offsetof(type, member))

constexpr std::array kHeader{
    SHMV_FIELD(shmv_header, magic),
    SHMV_FIELD(shmv_header, abi_major),
    SHMV_FIELD(shmv_header, abi_minor),
    SHMV_FIELD(shmv_header, endian_tag),
    SHMV_FIELD(shmv_header, header_bytes),
    SHMV_FIELD(shmv_header, immutable_bytes),
    SHMV_FIELD(shmv_header, feature_incompat),
    SHMV_FIELD(shmv_header, feature_compat),
    SHMV_FIELD(shmv_header, segment_bytes),
    SHMV_FIELD(shmv_header, slot_count),
    SHMV_FIELD(shmv_header, index_count),
    SHMV_FIELD(shmv_header, descriptor_offset),
    SHMV_FIELD(shmv_header, index_offset),
    SHMV_FIELD(shmv_header, payload_offset),
    SHMV_FIELD(shmv_header, slot_stride_bytes),
    SHMV_FIELD(shmv_header, slot_capacity_bytes),
    SHMV_FIELD(shmv_header, descriptor_stride_bytes),
    SHMV_FIELD(shmv_header, kind),
    SHMV_FIELD(shmv_header, generation),
    SHMV_FIELD(shmv_header, first_number),
    SHMV_FIELD(shmv_header, stream_uuid),
    SHMV_FIELD(shmv_header, boot_id),
    SHMV_FIELD(shmv_header, created_monotonic_ns),
    SHMV_FIELD(shmv_header, created_realtime_ns),
    SHMV_FIELD(shmv_header, writer_pid),
    SHMV_FIELD(shmv_header, writer_uid),
    SHMV_FIELD(shmv_header, writer_pidns_inode),
    SHMV_FIELD(shmv_header, writer_start_ticks),
    SHMV_FIELD(shmv_header, fourcc),
    SHMV_FIELD(shmv_header, width),
    SHMV_FIELD(shmv_header, height),
    SHMV_FIELD(shmv_header, fps_numerator),
    SHMV_FIELD(shmv_header, fps_denominator),
    SHMV_FIELD(shmv_header, reserved_0),
    SHMV_FIELD(shmv_header, name),
    SHMV_FIELD(shmv_header, program),
    SHMV_FIELD(shmv_header, source),
    SHMV_FIELD(shmv_header, reserved_1),
    SHMV_FIELD(shmv_header, crc32c),
    SHMV_FIELD(shmv_header, latest),
    SHMV_FIELD(shmv_header, notify),
    SHMV_FIELD(shmv_header, reserved_2),
    SHMV_FIELD(shmv_header, owner),
    SHMV_FIELD(shmv_header, reserved_3),
    SHMV_FIELD(shmv_header, state),
    SHMV_FIELD(shmv_header, source_state),
    SHMV_FIELD(shmv_header, source_state_since_ns),
    SHMV_FIELD(shmv_header, heartbeat_ns),
    SHMV_FIELD(shmv_header, progress_ns),
    SHMV_FIELD(shmv_header, frame_interval_ns),
    SHMV_FIELD(shmv_header, latest_key),
    SHMV_FIELD(shmv_header, format_epoch),
    SHMV_FIELD(shmv_header, sleepers_woken),
    SHMV_FIELD(shmv_header, published),
    SHMV_FIELD(shmv_header, revoked),
    SHMV_FIELD(shmv_header, dropped),
    SHMV_FIELD(shmv_header, clock_sequence),
    SHMV_FIELD(shmv_header, clock_monotonic_ns),
    SHMV_FIELD(shmv_header, clock_realtime_ns),
    SHMV_FIELD(shmv_header, last_publish_ns),
    SHMV_FIELD(shmv_header, stages),
    SHMV_FIELD(shmv_header, source_reopened),
    SHMV_FIELD(shmv_header, reserved_4),
    SHMV_FIELD(shmv_header, extradata_sequence),
    SHMV_FIELD(shmv_header, extradata_bytes),
    SHMV_FIELD(shmv_header, reserved_5),
    SHMV_FIELD(shmv_header, extradata),
    SHMV_FIELD(shmv_header, reserved_6),
};

constexpr std::array kStageTimes{
    SHMV_FIELD(shmv_stage_times, sum_ns),
    SHMV_FIELD(shmv_stage_times, max_ns),
    SHMV_FIELD(shmv_stage_times, bucket),
};

constexpr std::array kDescriptor{
    SHMV_FIELD(shmv_descriptor, sequence),
    SHMV_FIELD(shmv_descriptor, payload_bytes),
    SHMV_FIELD(shmv_descriptor, plane_offset),
    SHMV_FIELD(shmv_descriptor, plane_stride),
    SHMV_FIELD(shmv_descriptor, plane_count),
    SHMV_FIELD(shmv_descriptor, fourcc),
    SHMV_FIELD(shmv_descriptor, width),
    SHMV_FIELD(shmv_descriptor, height),
    SHMV_FIELD(shmv_descriptor, flags),
    SHMV_FIELD(shmv_descriptor, format_epoch),
    SHMV_FIELD(shmv_descriptor, capture_monotonic_ns),
    SHMV_FIELD(shmv_descriptor, capture_realtime_ns),
    SHMV_FIELD(shmv_descriptor, publish_monotonic_ns),
    SHMV_FIELD(shmv_descriptor, pts),
    SHMV_FIELD(shmv_descriptor, dts),
    SHMV_FIELD(shmv_descriptor, duration),
    SHMV_FIELD(shmv_descriptor, timebase_numerator),
    SHMV_FIELD(shmv_descriptor, timebase_denominator),
    SHMV_FIELD(shmv_descriptor, key_number),
    SHMV_FIELD(shmv_descriptor, source_number),
    SHMV_FIELD(shmv_descriptor, colour_range),
    SHMV_FIELD(shmv_descriptor, colour_primaries),
    SHMV_FIELD(shmv_descriptor, colour_transfer),
    SHMV_FIELD(shmv_descriptor, colour_matrix),
    SHMV_FIELD(shmv_descriptor, payload_crc32c),
    SHMV_FIELD(shmv_descriptor, reserved_0),
};

constexpr std::array kReadersHeader{
    SHMV_FIELD(shmv_readers_header, magic),     SHMV_FIELD(shmv_readers_header, abi_major),
    SHMV_FIELD(shmv_readers_header, abi_minor), SHMV_FIELD(shmv_readers_header, entry_bytes),
    SHMV_FIELD(shmv_readers_header, entry_max), SHMV_FIELD(shmv_readers_header, reserved_0),
};

constexpr std::array kReaderEntry{
    SHMV_FIELD(shmv_reader_entry, generation),  SHMV_FIELD(shmv_reader_entry, hold),
    SHMV_FIELD(shmv_reader_entry, key_request), SHMV_FIELD(shmv_reader_entry, seen),
    SHMV_FIELD(shmv_reader_entry, missed),      SHMV_FIELD(shmv_reader_entry, updated_monotonic_ns),
    SHMV_FIELD(shmv_reader_entry, pid),         SHMV_FIELD(shmv_reader_entry, grade),
    SHMV_FIELD(shmv_reader_entry, program),     SHMV_FIELD(shmv_reader_entry, last_number),
    SHMV_FIELD(shmv_reader_entry, reserved_0),
};

#undef SHMV_FIELD

/// True if the fields follow each other without a gap and end where the structure does: so a member
/// that layout.h gains and this table lacks does not compile.
template <std::size_t N>
constexpr bool is_complete(const std::array<Field, N>& fields, std::size_t bytes) {
  std::size_t at = 0;
  for (const Field& field : fields) {
    if (field.offset != at) return false;
    at += field.bytes;
  }
  return at == bytes;
}
static_assert(is_complete(kHeader, sizeof(shmv_header)));
static_assert(is_complete(kStageTimes, sizeof(shmv_stage_times)));
static_assert(is_complete(kDescriptor, sizeof(shmv_descriptor)));
static_assert(is_complete(kReadersHeader, sizeof(shmv_readers_header)));
static_assert(is_complete(kReaderEntry, sizeof(shmv_reader_entry)));

struct Constant {
  std::string_view name;
  std::uint64_t value;
};

#define SHMV_CONSTANT(name) \
  Constant { #name, name }

constexpr std::array kConstants{
    SHMV_CONSTANT(SHMV_MAGIC),
    SHMV_CONSTANT(SHMV_READERS_MAGIC),
    SHMV_CONSTANT(SHMV_ABI_MAJOR),
    SHMV_CONSTANT(SHMV_ABI_MINOR),
    SHMV_CONSTANT(SHMV_ENDIAN_TAG),
    SHMV_CONSTANT(SHMV_PAGE_BYTES),
    SHMV_CONSTANT(SHMV_HEADER_BYTES),
    SHMV_CONSTANT(SHMV_DESCRIPTOR_BYTES),
    SHMV_CONSTANT(SHMV_EXTRADATA_CAPACITY_BYTES),
    SHMV_CONSTANT(SHMV_SLOTS_MIN),
    SHMV_CONSTANT(SHMV_SLOTS_MAX),
    SHMV_CONSTANT(SHMV_INDEX_MAX),
    SHMV_CONSTANT(SHMV_DIMENSION_MAX),
    SHMV_CONSTANT(SHMV_PLANES_MAX),
    SHMV_CONSTANT(SHMV_FRAME_NUMBER_MAX),
    SHMV_CONSTANT(SHMV_NAME_MAX),
    SHMV_CONSTANT(SHMV_SLOT_STABLE),
    SHMV_CONSTANT(SHMV_SLOT_CLAIMED),
    SHMV_CONSTANT(SHMV_SLOT_WRITING),
    SHMV_CONSTANT(SHMV_INDEX_SLOT_BITS),
    SHMV_CONSTANT(SHMV_OWNER_DIED),
    SHMV_CONSTANT(SHMV_OWNER_WAITERS),
    SHMV_CONSTANT(SHMV_OWNER_TID_MASK),
    SHMV_CONSTANT(SHMV_STATE_LIVE),
    SHMV_CONSTANT(SHMV_STATE_SUPERSEDED),
    SHMV_CONSTANT(SHMV_STATE_CLOSED),
    SHMV_CONSTANT(SHMV_SOURCE_OK),
    SHMV_CONSTANT(SHMV_SOURCE_RECONNECTING),
    SHMV_CONSTANT(SHMV_SOURCE_ENDED),
    SHMV_CONSTANT(SHMV_KIND_RAW),
    SHMV_CONSTANT(SHMV_KIND_CODED),
    SHMV_CONSTANT(SHMV_FRAME_KEY),
    SHMV_CONSTANT(SHMV_FRAME_DISCONTINUITY),
    SHMV_CONSTANT(SHMV_FRAME_CORRUPT),
    SHMV_CONSTANT(SHMV_FRAME_END_OF_STREAM),
    SHMV_CONSTANT(SHMV_DROP_SOURCE),
    SHMV_CONSTANT(SHMV_DROP_CORRUPT),
    SHMV_CONSTANT(SHMV_DROP_TOO_LARGE),
    SHMV_CONSTANT(SHMV_DROP_NO_SLOT),
    SHMV_CONSTANT(SHMV_DROP_LATE),
    SHMV_CONSTANT(SHMV_DROP_CAUSES),
    SHMV_CONSTANT(SHMV_STAGE_READ),
    SHMV_CONSTANT(SHMV_STAGE_CONVERT),
    SHMV_CONSTANT(SHMV_STAGE_PUBLISH),
    SHMV_CONSTANT(SHMV_STAGES),
    SHMV_CONSTANT(SHMV_STAGE_BUCKETS),
    SHMV_CONSTANT(SHMV_STAGE_BOUND_NS),
    SHMV_CONSTANT(SHMV_READERS_HEADER_BYTES),
    SHMV_CONSTANT(SHMV_READER_ENTRY_BYTES),
    SHMV_CONSTANT(SHMV_READERS_MAX),
    SHMV_CONSTANT(SHMV_HOLDS_MAX),
    SHMV_CONSTANT(SHMV_GRADE_OBSERVE),
    SHMV_CONSTANT(SHMV_GRADE_COPY),
    SHMV_CONSTANT(SHMV_GRADE_HOLD),
};

#undef SHMV_CONSTANT

std::string full_type(const Field& field) {
  return field.elements ? fmt::format("{}[{}]", field.type, field.elements) : std::string(field.type);
}

template <typename Visitor>
void for_each_structure(Visitor visit) {
  visit("shmv_header", sizeof(shmv_header), std::span<const Field>(kHeader));
  visit("shmv_stage_times", sizeof(shmv_stage_times), std::span<const Field>(kStageTimes));
  visit("shmv_descriptor", sizeof(shmv_descriptor), std::span<const Field>(kDescriptor));
  visit("shmv_readers_header", sizeof(shmv_readers_header), std::span<const Field>(kReadersHeader));
  visit("shmv_reader_entry", sizeof(shmv_reader_entry), std::span<const Field>(kReaderEntry));
}

}  // namespace

std::string layout_text() {
  std::string text = fmt::format("segment format {}.{}, little-endian\n", SHMV_ABI_MAJOR, SHMV_ABI_MINOR);
  for_each_structure([&](std::string_view name, std::size_t bytes, std::span<const Field> fields) {
    text += fmt::format("\n{}, {} bytes\n{:>6}  {:>5}  {:<12}  {}\n", name, bytes, "OFFSET", "BYTES", "TYPE",
                        "FIELD");
    for (const Field& field : fields) {
      text +=
          fmt::format("{:>6}  {:>5}  {:<12}  {}\n", field.offset, field.bytes, full_type(field), field.name);
    }
  });
  text += "\nconstants\n";
  for (const Constant& constant : kConstants) {
    const bool is_wide = constant.value > 0xffffff;
    text += is_wide ? fmt::format("{:<30} 0x{:x}\n", constant.name, constant.value)
                    : fmt::format("{:<30} {}\n", constant.name, constant.value);
  }
  return text;
}

Json layout_json() {
  Json structures = Json::object();
  for_each_structure([&](std::string_view name, std::size_t bytes, std::span<const Field> fields) {
    Json list = Json::array();
    for (const Field& field : fields) {
      list.push_back({{"name", field.name},
                      {"offset", field.offset},
                      {"bytes", field.bytes},
                      {"type", full_type(field)}});
    }
    structures[std::string(name)] = {{"bytes", bytes}, {"fields", list}};
  });
  Json constants = Json::object();
  for (const Constant& constant : kConstants) constants[std::string(constant.name)] = constant.value;
  return {{"abi", fmt::format("{}.{}", SHMV_ABI_MAJOR, SHMV_ABI_MINOR)},
          {"byte_order", "little"},
          {"structures", structures},
          {"constants", constants}};
}

}  // namespace shmvideo::inspect
