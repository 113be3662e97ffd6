// SPDX-License-Identifier: Apache-2.0
#include "segment/validate.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <limits>

#include "segment/generation.hpp"
#include "segment_files.hpp"
#include "shmvideo/error.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;

namespace {

shmv_header good_header() {
  TempPlace place;
  make_segment(place.path(), "name");
  return open_segment_file(place.path() / "name").header;
}

/// The code of what validate_header() throws; nothing if it accepts.
std::optional<ErrorCode> verdict(const shmv_header& header, std::uint64_t file_bytes) {
  try {
    validate_header(header, file_bytes, "it");
    return std::nullopt;
  } catch (const Error& error) {
    return error.code();
  }
}

std::optional<ErrorCode> verdict_on_file(const std::filesystem::path& path) {
  try {
    Generation::open_file(path, nullptr);
    return std::nullopt;
  } catch (const Error& error) {
    return error.code();
  }
}

}  // namespace

TEST_CASE("what we make we accept, at every size", "[segment]") {
  for (const std::uint32_t slots : {2U, 3U, 6U, 30U, 1000U, unsigned{SHMV_SLOTS_MAX}})
    for (const std::uint64_t bytes : {1ULL, 4096ULL, 4097ULL, 6220800ULL, 1ULL << 33}) {
      const Geometry g = plan_geometry(slots, bytes);
      shmv_header header = good_header();
      header.segment_bytes = g.segment_bytes;
      header.slot_count = g.slot_count;
      header.index_count = g.index_count;
      header.descriptor_offset = g.descriptor_offset;
      header.index_offset = g.index_offset;
      header.payload_offset = g.payload_offset;
      header.slot_stride_bytes = g.slot_stride_bytes;
      header.slot_capacity_bytes = g.slot_capacity_bytes;
      sign(header);
      CHECK_FALSE(verdict(header, g.segment_bytes));
      CHECK(verdict(header, g.segment_bytes - 1) == ErrorCode::corrupt);
      CHECK(g.slot_capacity_bytes >= bytes);
    }
}

TEST_CASE("no segment is planned that cannot be", "[segment]") {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  CHECK_THROWS_AS(plan_geometry(0, 4096), Error);
  CHECK_THROWS_AS(plan_geometry(1, 4096), Error);
  CHECK_THROWS_AS(plan_geometry(SHMV_SLOTS_MAX + 1, 4096), Error);
  CHECK_THROWS_AS(plan_geometry(std::numeric_limits<std::uint32_t>::max(), 4096), Error);
  CHECK_THROWS_AS(plan_geometry(3, 0), Error);
  CHECK_THROWS_AS(plan_geometry(3, kMost), Error);
  CHECK_THROWS_AS(plan_geometry(3, kMost / 3), Error);
}

TEST_CASE("every flipped bit of the immutable block is noticed", "[segment]") {
  const shmv_header good = good_header();
  REQUIRE_FALSE(verdict(good, good.segment_bytes));
  for (std::size_t bit = 0; bit < (offsetof(shmv_header, crc32c) + 4) * 8; ++bit) {
    shmv_header bad = good;
    reinterpret_cast<unsigned char*>(&bad)[bit / 8] ^= static_cast<unsigned char>(1U << bit % 8);
    // The minor version is covered by the checksum like all else.
    if (!verdict(bad, good.segment_bytes)) FAIL("bit " << bit << " of byte " << bit / 8);
  }
}

TEST_CASE("sizes that contradict each other are refused although they are signed", "[segment]") {
  const shmv_header good = good_header();
  constexpr std::uint64_t k64 = std::numeric_limits<std::uint64_t>::max();
  constexpr std::uint32_t k32 = std::numeric_limits<std::uint32_t>::max();
  const std::vector<std::pair<const char*, std::function<void(shmv_header&)>>> lies{
      {"no header", [](auto& h) { h.header_bytes = 0; }},
      {"half a header", [](auto& h) { h.header_bytes = 2048; }},
      {"a crooked header", [](auto& h) { h.header_bytes = 5000; }},
      {"an endless header", [](auto& h) { h.header_bytes = k32 & ~4095U; }},
      {"no slots", [](auto& h) { h.slot_count = 0; }},
      {"one slot", [](auto& h) { h.slot_count = 1; }},
      {"too many slots", [](auto& h) { h.slot_count = SHMV_SLOTS_MAX + 1; }},
      {"endless slots", [](auto& h) { h.slot_count = k32; }},
      {"half the range of slots", [](auto& h) { h.slot_count = 0x80000001; }},
      {"more slots than there is room", [](auto& h) { h.slot_count = 4; }},
      {"no index", [](auto& h) { h.index_count = 0; }},
      {"a small index", [](auto& h) { h.index_count = 4; }},
      {"a crooked index", [](auto& h) { h.index_count = 9; }},
      {"an endless index", [](auto& h) { h.index_count = 0x80000000; }},
      {"an index beyond its limit", [](auto& h) { h.index_count = 2 * SHMV_INDEX_MAX; }},
      {"small descriptors", [](auto& h) { h.descriptor_stride_bytes = 128; }},
      {"crooked descriptors", [](auto& h) { h.descriptor_stride_bytes = 257; }},
      {"endless descriptors", [](auto& h) { h.descriptor_stride_bytes = k32 & ~63U; }},
      {"descriptors in the header", [](auto& h) { h.descriptor_offset = 0; }},
      {"crooked descriptor offset", [](auto& h) { h.descriptor_offset += 8; }},
      {"descriptors beyond the end", [](auto& h) { h.descriptor_offset = k64 & ~63ULL; }},
      {"descriptors in the index", [](auto& h) { h.descriptor_offset = h.index_offset; }},
      {"index in the descriptors", [](auto& h) { h.index_offset = h.descriptor_offset; }},
      {"index beyond the end", [](auto& h) { h.index_offset = k64 & ~63ULL; }},
      {"index in the payload", [](auto& h) { h.index_offset = h.payload_offset; }},
      {"crooked index offset", [](auto& h) { h.index_offset += 4; }},
      {"payload in the header", [](auto& h) { h.payload_offset = 0; }},
      {"crooked payload", [](auto& h) { h.payload_offset += 64; }},
      {"payload beyond the end", [](auto& h) { h.payload_offset = k64 & ~4095ULL; }},
      {"payload a page too far", [](auto& h) { h.payload_offset += 4096; }},
      {"no stride", [](auto& h) { h.slot_stride_bytes = 0; }},
      {"endless stride", [](auto& h) { h.slot_stride_bytes = k64 & ~4095ULL; }},
      {"a stride whose triple is small", [](auto& h) { h.slot_stride_bytes = (k64 / 3 + 1) & ~4095ULL; }},
      {"no capacity", [](auto& h) { h.slot_capacity_bytes = 0; }},
      {"more capacity than stride", [](auto& h) { h.slot_capacity_bytes = h.slot_stride_bytes + 1; }},
      {"endless capacity", [](auto& h) { h.slot_capacity_bytes = k64; }},
      {"nothing at all", [](auto& h) { h.segment_bytes = 0; }},
      {"a byte less than needed", [](auto& h) { h.segment_bytes -= 1; }},
      {"more than the file", [](auto& h) { h.segment_bytes += 1; }},
      {"an endless segment", [](auto& h) { h.segment_bytes = k64; }},
  };
  for (const auto& [what, lie] : lies) {
    INFO(what);
    shmv_header bad = good;
    lie(bad);
    sign(bad);
    CHECK(verdict(bad, good.segment_bytes) == ErrorCode::corrupt);
  }
}

TEST_CASE("other formats are named as such", "[segment]") {
  const shmv_header good = good_header();
  shmv_header other = good;
  other.abi_major = 2;
  sign(other);
  CHECK(verdict(other, good.segment_bytes) == ErrorCode::incompatible);
  other = good;
  other.feature_incompat = 1ULL << 63;
  sign(other);
  CHECK(verdict(other, good.segment_bytes) == ErrorCode::incompatible);
  other = good;
  other.endian_tag = 0x04030201;
  sign(other);
  CHECK(verdict(other, good.segment_bytes) == ErrorCode::incompatible);
  other = good;
  other.magic = 0;
  CHECK(verdict(other, good.segment_bytes) == ErrorCode::not_a_segment);
  // What an older reader may ignore it does ignore.
  other = good;
  other.feature_compat = ~0ULL;
  other.abi_minor = 999;
  sign(other);
  CHECK_FALSE(verdict(other, good.segment_bytes));
}

TEST_CASE("a file that is no segment is an error, whatever it is", "[segment]") {
  TempPlace place;
  const auto path = place.path() / "name";
  CHECK(verdict_on_file(path) == ErrorCode::not_found);
  write_file(path, {});
  CHECK(verdict_on_file(path) == ErrorCode::not_a_segment);
  write_file(path, std::vector<char>(100, 'x'));
  CHECK(verdict_on_file(path) == ErrorCode::not_a_segment);
  write_file(path, std::vector<char>(10000, 0));
  CHECK(verdict_on_file(path) == ErrorCode::not_a_segment);
  write_file(path, {'S', 'H', 'M', 'V', 'I', 'D', 'E', 'O'});
  CHECK(verdict_on_file(path) == ErrorCode::corrupt);
  std::filesystem::remove(path);
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(verdict_on_file(path) == ErrorCode::not_a_segment);
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  CHECK(verdict_on_file(path) == ErrorCode::not_a_segment);
  std::filesystem::remove(path);
  make_segment(place.path(), "real");
  std::filesystem::create_symlink(place.path() / "real", path);
  CHECK(verdict_on_file(path) == ErrorCode::not_a_segment);
}

TEST_CASE("a segment that was cut off is refused at every length", "[segment]") {
  TempPlace place;
  make_segment(place.path(), "name");
  const auto path = place.path() / "name";
  const auto bytes = std::filesystem::file_size(path);
  CHECK_FALSE(verdict_on_file(path));
  for (std::uintmax_t length = bytes - 1; length > 8; length = length * 3 / 4) {
    std::filesystem::resize_file(path, length);
    CHECK(verdict_on_file(path) == ErrorCode::corrupt);
  }
}

TEST_CASE("a segment without its pages is refused: touching them would make them, at our expense",
          "[segment]") {
  TempPlace place;
  make_segment(place.path(), "name");
  shmv_header header = open_segment_file(place.path() / "name").header;
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 42;
  header.slot_stride_bytes = header.slot_capacity_bytes = kHuge / 4;
  header.segment_bytes = kHuge;
  sign(header);
  const auto path = place.path() / "huge";
  std::vector<char> page(sizeof header);
  std::memcpy(page.data(), &header, sizeof header);
  write_file(path, page);
  REQUIRE(::truncate(path.c_str(), static_cast<off_t>(kHuge)) == 0);
  CHECK(verdict_on_file(path) == ErrorCode::corrupt);
}
