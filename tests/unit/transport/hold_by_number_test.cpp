// SPDX-License-Identifier: Apache-2.0
// Holds that name a frame instead of a slot: before it is there, as long as it is there, and not beyond.
#include <fcntl.h>

#include <array>
#include <thread>
#include <vector>

#include "segment/companions.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/report.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/patterned_frame.hpp"
#include "support/temp_place.hpp"
#include "transport/hold_word.hpp"
#include "transport/readers_file.hpp"
#include "transport/registration.hpp"

using namespace shmvideo;
using namespace shmvideo_test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kBytes = 4096;
const SegmentName kName("held");

struct Scene {
  explicit Scene(std::uint32_t slots) {
    WriterOptions options;
    options.slots = slots;
    options.slot_capacity_bytes = kBytes;
    writer = Writer::create(kName, options);
  }
  void publish(int frames = 1) {
    std::vector<std::byte> payload(kBytes);
    for (int i = 0; i < frames; ++i) {
      fill_pattern(payload, ++seed);
      REQUIRE(writer->publish(opaque_info(kBytes, seed), payload) == PublishStatus::published);
    }
  }
  std::shared_ptr<Registration> enter() const {
    return Registration::take(SegmentPaths(writer->place().directory, kName.str()).readers, 1,
                              SHMV_GRADE_HOLD, "test");
  }
  /// The hold words of the first entry.
  std::array<std::uint64_t, SHMV_HOLDS_MAX> words() const {
    const UniqueFd fd =
        open_readers_file(SegmentPaths(writer->place().directory, kName.str()).readers, O_RDONLY);
    std::vector<shmv_reader_entry> entries(SHMV_READERS_MAX);
    REQUIRE(read_entries(fd.get(), entries.data()) >= 1);
    return std::to_array(entries[0].hold);
  }
  /// Waits until the first hold word is `word`.
  bool comes_to(std::uint64_t word) const {
    for (int i = 0; i < 20'000; ++i) {
      if (words()[0] == word) return true;
      std::this_thread::sleep_for(1ms);
    }
    return false;
  }

  TempPlace place;
  std::unique_ptr<Writer> writer;
  std::uint64_t seed = 0;
};

/// The oldest frame that an observer gets.
std::uint64_t oldest() {
  ReaderOptions options;
  options.grade = Grade::observe;
  options.present = false;
  options.order = Order::in_order;
  options.start = Start::oldest;
  Frame frame;
  REQUIRE(Reader::attach(kName, options)->next(frame, 0s) == ReadStatus::frame);
  return frame.info().number;
}

}  // namespace

TEST_CASE("a frame is spared that was held by its number before it was there", "[transport]") {
  Scene scene(4);
  const auto entry = scene.enter();
  REQUIRE(entry);
  const int hold = entry->hold(hold_of_number(3));
  REQUIRE(hold >= 0);
  scene.publish(9);
  CHECK(oldest() == 3);
  CHECK(scene.writer->statistics().revoked == 0);
  entry->release(hold, 1);
  scene.publish(4);
  CHECK(oldest() > 3);
}

TEST_CASE("a hold by number ends with its frame; what comes into the slot is not held", "[transport]") {
  Scene scene(3);
  const auto entry = scene.enter();
  REQUIRE(entry);
  scene.publish(3);
  // More than can be spared: the oldest goes, and its word, which stays, holds nothing any more.
  for (std::uint64_t number = 1; number <= 3; ++number) REQUIRE(entry->hold(hold_of_number(number)) >= 0);
  scene.publish();
  CHECK(scene.writer->statistics().revoked == 1);
  scene.publish();
  const std::uint64_t revoked = scene.writer->statistics().revoked;
  scene.publish(20);
  CHECK(scene.writer->statistics().revoked == revoked);
}

TEST_CASE("the number 0 holds no empty slot", "[transport]") {
  Scene scene(3);
  const auto entry = scene.enter();
  REQUIRE(entry);
  REQUIRE(entry->hold(hold_of_number(0)) >= 0);
  scene.publish(3);
  CHECK(scene.writer->statistics().revoked == 0);
}

TEST_CASE("a sleeping reader holds the frame that wakes it, and none when it stops waiting", "[transport]") {
  Scene scene(4);
  scene.publish(2);
  const auto reader = Reader::attach(kName);
  Frame frame;
  REQUIRE(reader->next(frame, 0s) == ReadStatus::frame);
  CHECK(scene.words()[0] == hold_of_number(2));
  ReadStatus status = ReadStatus::timeout;
  std::thread waiting([&] { status = reader->next(frame, 60s); });
  const bool is_held_in_advance = scene.comes_to(hold_of_number(3));
  const auto told = report(kName);
  scene.publish();
  waiting.join();
  CHECK(is_held_in_advance);
  REQUIRE(told.readers.size() == 1);
  CHECK(told.readers[0].held == 0);  // frame 2 was given back, frame 3 is none yet
  REQUIRE(status == ReadStatus::frame);
  CHECK(frame.info().number == 3);
  CHECK(frame.is_held());
  CHECK(report(kName).readers.at(0).held == 1);
  scene.publish(12);
  CHECK(report(kName).readers.at(0).held == 1);  // also when it is long out of the index
  CHECK(has_pattern(frame.bytes(), frame.info().source_number));
  CHECK(frame.valid());

  REQUIRE(reader->next(frame, 0s) == ReadStatus::frame);
  CHECK(reader->next(frame, 1ms) == ReadStatus::timeout);
  CHECK(scene.words() == std::array<std::uint64_t, SHMV_HOLDS_MAX>{});
}
