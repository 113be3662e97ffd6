// SPDX-License-Identifier: Apache-2.0
// Promise 6: NAME.readers belongs to whoever may write it: whatever is in it costs the writer nothing.
#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <random>

#include "segment/unique_fd.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/report.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/patterned_frame.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kBytes = 4096;
constexpr std::uint32_t kSlots = 6;
const SegmentName kName("name");

/// A writer, and the readers' file in a stranger's hands.
struct Scene {
  Scene() {
    WriterOptions options;
    options.slots = kSlots;
    options.slot_capacity_bytes = kBytes;
    writer = Writer::create(kName, options);
    file = UniqueFd(::open((place.path() / "name.readers").c_str(), O_RDWR | O_CLOEXEC));
    REQUIRE(file);
  }

  /// Publishes many frames and sees that each newest one is there, whole.
  void check_that_the_writer_goes_on() {
    ReaderOptions options;
    options.present = false;
    auto observer = Reader::attach(kName, options);
    Frame frame;
    std::vector<std::byte> payload(kBytes);
    for (int i = 0; i < 300; ++i) {
      fill_pattern(payload, ++seed);
      REQUIRE(writer->publish(opaque_info(kBytes, seed), payload) == PublishStatus::published);
      REQUIRE(observer->next(frame, 0s) == ReadStatus::frame);
      REQUIRE(frame.info().source_number == seed);
      REQUIRE(has_pattern(frame.bytes(), seed));
      REQUIRE(frame.valid());
    }
    CHECK(writer->statistics().dropped_total() == 0);
    CHECK(report(kName).readers.size() <= SHMV_READERS_MAX);
  }

  void lock_all_entries() const {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    REQUIRE(::fcntl(file.get(), F_OFD_SETLK, &lock) == 0);
  }

  /// Every hold of every entry, so that all slots are held many times over.
  void hold_everything() const {
    for (std::uint32_t i = 0; i < SHMV_READERS_MAX; ++i) {
      shmv_reader_entry entry{};
      entry.generation = writer->statistics().generation;
      for (std::uint32_t hold = 0; hold < SHMV_HOLDS_MAX; ++hold) entry.hold[hold] = (i + hold) % kSlots + 1;
      std::memset(entry.program, 0xff, sizeof entry.program);
      write_at(SHMV_READERS_HEADER_BYTES + std::size_t{i} * SHMV_READER_ENTRY_BYTES, &entry, sizeof entry);
    }
  }

  void write_at(std::size_t offset, const void* bytes, std::size_t count) const {
    REQUIRE(::pwrite(file.get(), bytes, count, static_cast<off_t>(offset)) == static_cast<ssize_t>(count));
  }

  TempPlace place;
  std::unique_ptr<Writer> writer;
  UniqueFd file;
  std::uint64_t seed = 0;
};

}  // namespace

TEST_CASE("a readers' file that is cut at any length stops no writer", "[promises]") {
  Scene scene;
  scene.hold_everything();
  for (const off_t length : {16384, 1000, 129, 128, 100, 1, 0}) {
    REQUIRE(::ftruncate(scene.file.get(), length) == 0);
    scene.check_that_the_writer_goes_on();
  }
  // Who comes now is an observer, and the next generation has a whole file again.
  auto reader = Reader::attach(kName);
  CHECK_FALSE(reader->statistics().is_present);
  scene.writer->reserve(StreamInfo{}, 2 * kBytes);
  CHECK(Reader::attach(kName)->statistics().is_present);
}

TEST_CASE("a readers' file that is removed or replaced stops no writer", "[promises]") {
  Scene scene;
  const auto path = scene.place.path() / "name.readers";
  auto reader = Reader::attach(kName);
  std::filesystem::remove(path);
  scene.check_that_the_writer_goes_on();
  std::filesystem::create_symlink("/dev/zero", path);
  scene.check_that_the_writer_goes_on();
  CHECK_FALSE(Reader::attach(kName)->statistics().is_present);
  scene.writer->close();
  CHECK(scene.place.files() == 0);
}

TEST_CASE("holds of entries that nobody has locked are cleared, none is honoured", "[promises]") {
  Scene scene;
  scene.hold_everything();
  scene.check_that_the_writer_goes_on();
  CHECK(scene.writer->statistics().revoked == 0);
}

TEST_CASE("all slots held by somebody who never lets go: the writer takes the oldest back", "[promises]") {
  Scene scene;
  scene.lock_all_entries();
  scene.hold_everything();
  scene.check_that_the_writer_goes_on();
  CHECK(scene.writer->statistics().revoked > 0);
  CHECK_FALSE(Reader::attach(kName)->statistics().is_present);
}

TEST_CASE("random bytes in the readers' file stop no writer", "[promises]") {
  std::mt19937_64 chance(20261121);
  Scene scene;
  scene.lock_all_entries();
  for (int round = 0; round < 20; ++round) {
    std::vector<std::uint64_t> noise(SHMV_READERS_MAX * SHMV_READER_ENTRY_BYTES / 8);
    for (std::uint64_t& word : noise) word = chance() % 3 == 0 ? chance() % 8 : chance();
    if (round % 2)
      for (std::size_t i = 0; i < noise.size(); i += SHMV_READER_ENTRY_BYTES / 8)
        noise[i] = scene.writer->statistics().generation;
    // The header too, every other time.
    scene.write_at(round % 4 ? SHMV_READERS_HEADER_BYTES : 0, noise.data(), noise.size() * 8);
    scene.check_that_the_writer_goes_on();
  }
}
