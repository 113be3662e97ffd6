// SPDX-License-Identifier: Apache-2.0
// A hold that moves on from one frame to another, by the kernel's hand where that can be.
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "segment/companions.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"
#include "transport/entry_page.hpp"
#include "transport/hold_word.hpp"
#include "transport/readers_file.hpp"
#include "transport/registration.hpp"

using namespace shmvideo;
using namespace shmvideo_test;

namespace {

struct Scene {
  Scene() {
    WriterOptions options;
    options.slot_capacity_bytes = 4096;
    writer = Writer::create(SegmentName("changed"), options);
    readers = SegmentPaths(writer->place().directory, "changed").readers;
  }
  std::shared_ptr<Registration> enter(std::uint32_t grade = SHMV_GRADE_HOLD) const {
    return Registration::take(readers, 1, grade, "test");
  }
  std::uint64_t word(std::uint32_t entry = 0) const {
    // Not by open_readers_file(), which refuses what has lost its header.
    const UniqueFd fd(::open(readers.c_str(), O_RDONLY | O_CLOEXEC));
    std::uint64_t word = 0;
    const off_t at = reader_entry_offset(entry) + static_cast<off_t>(offsetof(shmv_reader_entry, hold));
    REQUIRE(::pread(fd.get(), &word, sizeof word, at) == sizeof word);
    return word;
  }
  /// How often this process has the file mapped.
  int mappings() const {
    std::ifstream maps("/proc/self/maps");
    int count = 0;
    for (std::string line; std::getline(maps, line);) count += line.ends_with(readers.string());
    return count;
  }

  TempPlace place;
  std::unique_ptr<Writer> writer;
  std::filesystem::path readers;
};

constexpr std::uint64_t kHalf = std::uint64_t{1} << 32;

}  // namespace

TEST_CASE("a hold's word is what it was changed to, near or far, up or down", "[transport]") {
  const Scene scene;
  const auto entry = scene.enter();
  REQUIRE(entry);
  const int hold = entry->hold(hold_of_number(1));
  REQUIRE(hold == 0);
  for (const std::uint64_t number :
       {std::uint64_t{2}, std::uint64_t{2}, std::uint64_t{2049}, std::uint64_t{4097}, std::uint64_t{9},
        kHalf - 1, kHalf, kHalf + 2047, kHalf - 2}) {
    REQUIRE(entry->change(hold, hold_of_number(number), 1));
    CHECK(scene.word() == hold_of_number(number));
  }
  REQUIRE(entry->change(hold, hold_of_slot(3), 1));
  CHECK(scene.word() == hold_of_slot(3));
}

TEST_CASE("the kernel changes a hold that moves on a little, and nothing else", "[transport]") {
  const Scene scene;
  const UniqueFd fd = open_readers_file(scene.readers, O_RDWR);
  shmv_reader_entry entry{};
  entry.hold[0] = hold_of_number(7);
  for (const std::uint32_t index : {0U, 40U, SHMV_READERS_MAX - 1U})
    REQUIRE(::pwrite(fd.get(), &entry, sizeof entry, reader_entry_offset(index)) == sizeof entry);
  for (const std::uint32_t index : {0U, 40U, SHMV_READERS_MAX - 1U}) {
    EntryPage page;
    CHECK_FALSE(page.advance(0, 7, 8));  // nothing is mapped yet
    page.map(fd.get(), index);
    REQUIRE(page.advance(0, hold_of_number(7), hold_of_number(8)));
    CHECK(scene.word(index) == hold_of_number(8));
    REQUIRE(page.advance(0, hold_of_number(8), hold_of_number(8 + 2047)));
    CHECK(scene.word(index) == hold_of_number(8 + 2047));
    CHECK_FALSE(page.advance(0, hold_of_number(8), hold_of_number(8 + 2048)));
    CHECK_FALSE(page.advance(0, hold_of_number(8), hold_of_number(8)));
    CHECK_FALSE(page.advance(0, hold_of_number(8), hold_of_number(7)));
    CHECK_FALSE(page.advance(0, hold_of_number(kHalf - 1), hold_of_number(kHalf)));
    CHECK(scene.word(index) == hold_of_number(8 + 2047));
  }
}

TEST_CASE("a hold in a file that was cut short is changed all the same", "[transport]") {
  const Scene scene;
  const auto entry = scene.enter();
  REQUIRE(entry);
  const int hold = entry->hold(hold_of_number(1));
  REQUIRE(entry->change(hold, hold_of_number(2), 1));
  REQUIRE(::truncate(scene.readers.c_str(), 0) == 0);
  // No SIGBUS, and what is said stands in the file again.
  REQUIRE(entry->change(hold, hold_of_number(3), 1));
  CHECK(scene.word() == hold_of_number(3));
}

TEST_CASE("only who holds has the file mapped, and no longer than that", "[transport]") {
  const Scene scene;
  const int before = scene.mappings();
  const auto observer = scene.enter(SHMV_GRADE_OBSERVE);
  REQUIRE(observer);
  CHECK(scene.mappings() == before);
  auto holder = scene.enter();
  REQUIRE(holder);
  CHECK(scene.mappings() == before + 1);
  holder.reset();
  CHECK(scene.mappings() == before);
}
