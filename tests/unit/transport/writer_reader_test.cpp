// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <thread>
#include <vector>

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

constexpr std::size_t kBytes = 8192;

WriterOptions options_with(std::uint32_t slots, std::size_t bytes = kBytes) {
  WriterOptions options;
  options.slots = slots;
  options.slot_capacity_bytes = bytes;
  options.program = "unit-test";
  options.source = "made up";
  return options;
}

PublishStatus publish_next(Writer& writer, std::uint64_t seed, std::size_t bytes = kBytes) {
  std::vector<std::byte> payload(bytes);
  fill_pattern(payload, seed);
  return writer.publish(opaque_info(bytes, seed), payload);
}

bool is_whole(const Frame& frame) {
  return has_pattern(frame.bytes(), frame.info().source_number) && frame.valid();
}

}  // namespace

TEST_CASE("a published frame is read in place, with its description", "[transport]") {
  TempPlace place;
  const SegmentName name("unit");
  auto writer = Writer::create(name, options_with(3));
  auto reader = Reader::attach(name);
  Frame frame;
  CHECK(reader->next(frame, 0s) == ReadStatus::timeout);
  CHECK_FALSE(frame);
  REQUIRE(publish_next(*writer, 77) == PublishStatus::published);
  REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
  CHECK(frame.info().number == 1);
  CHECK(frame.info().source_number == 77);
  CHECK(frame.info().payload_bytes == kBytes);
  CHECK(frame.is_held());
  CHECK(is_whole(frame));
  CHECK(reader->next(frame, 0s) == ReadStatus::timeout);
}

TEST_CASE("a loaned slot is filled in place and published", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  auto reader = Reader::attach(SegmentName("unit"));
  auto loan = writer->loan();
  REQUIRE(loan);
  CHECK(loan.bytes().size() == kBytes);
  fill_pattern(loan.bytes(), 5);
  REQUIRE(loan.publish(opaque_info(kBytes, 5)) == PublishStatus::published);
  Frame frame;
  REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
  CHECK(is_whole(frame));
}

TEST_CASE("a loan that is given back shows nothing", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(2));
  for (int i = 0; i < 10; ++i) REQUIRE(writer->loan());
  CHECK(writer->statistics().published == 0);
  CHECK(publish_next(*writer, 1) == PublishStatus::published);
}

TEST_CASE("with every slot on loan there is none to be had, and it is counted", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(2));
  auto first = writer->loan();
  auto second = writer->loan();
  REQUIRE(first);
  REQUIRE(second);
  CHECK_FALSE(writer->loan());
  CHECK(publish_next(*writer, 1) == PublishStatus::no_slot);
  CHECK(writer->statistics().dropped[SHMV_DROP_NO_SLOT] == 2);
}

TEST_CASE("a held frame stays whole while the writer goes round it", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  auto reader = Reader::attach(SegmentName("unit"));
  publish_next(*writer, 1);
  Frame held;
  REQUIRE(reader->next(held, 1s) == ReadStatus::frame);
  REQUIRE(held.is_held());
  for (std::uint64_t i = 2; i < 100; ++i) publish_next(*writer, i);
  CHECK(is_whole(held));
  CHECK(writer->statistics().revoked == 0);
  held.release();
  CHECK(reader->statistics().revoked == 0);
}

TEST_CASE("an observed frame that was overwritten says so", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  ReaderOptions options;
  options.grade = Grade::observe;
  auto reader = Reader::attach(SegmentName("unit"), options);
  publish_next(*writer, 1);
  Frame frame;
  REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
  CHECK_FALSE(frame.is_held());
  CHECK(is_whole(frame));
  for (std::uint64_t i = 2; i < 6; ++i) publish_next(*writer, i);
  CHECK_FALSE(frame.valid());
}

TEST_CASE("when all slots are held the oldest is taken back and its holder learns of it", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  auto reader = Reader::attach(SegmentName("unit"));
  Frame frames[3];
  for (std::uint64_t i = 0; i < 3; ++i) {
    publish_next(*writer, i + 1);
    REQUIRE(reader->next(frames[i], 1s) == ReadStatus::frame);
    REQUIRE(frames[i].is_held());
  }
  publish_next(*writer, 4);
  CHECK(writer->statistics().revoked == 1);
  CHECK_FALSE(frames[0].valid());
  CHECK(is_whole(frames[1]));
  CHECK(is_whole(frames[2]));
  frames[0].release();
  CHECK(reader->statistics().revoked == 1);
}

TEST_CASE("newest-first skips and counts what it missed", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(4));
  auto reader = Reader::attach(SegmentName("unit"));
  Frame frame;
  publish_next(*writer, 1);
  REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
  for (std::uint64_t i = 2; i <= 5; ++i) publish_next(*writer, i);
  REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
  CHECK(frame.info().number == 5);
  CHECK(reader->statistics().seen == 2);
  CHECK(reader->statistics().missed == 3);
}

TEST_CASE("in order, every frame that is still in the ring is delivered", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(6));
  for (std::uint64_t i = 1; i <= 20; ++i) publish_next(*writer, i);
  ReaderOptions options;
  options.order = Order::in_order;
  options.start = Start::oldest;
  options.grade = Grade::observe;
  auto reader = Reader::attach(SegmentName("unit"), options);
  Frame frame;
  for (std::uint64_t expected = 15; expected <= 20; ++expected) {
    REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
    CHECK(frame.info().number == expected);
    CHECK(is_whole(frame));
  }
  CHECK(reader->next(frame, 0s) == ReadStatus::timeout);
  for (std::uint64_t i = 21; i <= 30; ++i) publish_next(*writer, i);
  REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
  CHECK(frame.info().number == 25);
  CHECK(reader->statistics().missed == 4);
}

TEST_CASE("coded video is joined at a key frame and resumed at one after a gap", "[transport]") {
  TempPlace place;
  WriterOptions options = options_with(6);
  options.stream.kind = SHMV_KIND_CODED;
  auto writer = Writer::create(SegmentName("unit"), options);
  const auto publish_coded = [&](std::uint64_t seed) {
    std::vector<std::byte> payload(64);
    FrameInfo info = opaque_info(payload.size(), seed);
    info.flags = seed % 5 == 0 ? SHMV_FRAME_KEY : 0;
    info.pts = static_cast<std::int64_t>(seed) * 3000;
    info.timebase_numerator = 1;
    info.timebase_denominator = 90000;
    REQUIRE(writer->publish(info, payload) == PublishStatus::published);
  };
  for (std::uint64_t i = 1; i <= 12; ++i) publish_coded(i);
  ReaderOptions reading;
  reading.order = Order::in_order;
  reading.start = Start::key;
  auto reader = Reader::attach(SegmentName("unit"), reading);
  Frame frame;
  REQUIRE(reader->next(frame, 0s) == ReadStatus::frame);
  CHECK(frame.info().number == 10);
  CHECK(frame.info().pts == 30000);
  REQUIRE(reader->next(frame, 0s) == ReadStatus::frame);
  CHECK(frame.info().number == 11);
  CHECK(frame.info().key_number == 10);
  for (std::uint64_t i = 13; i <= 33; ++i) publish_coded(i);
  REQUIRE(reader->next(frame, 0s) == ReadStatus::frame);
  CHECK(frame.info().number == 30);
  CHECK(frame.info().is_key());
}

TEST_CASE("extradata and requests for a key frame travel both ways", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  auto reader = Reader::attach(SegmentName("unit"));
  CHECK(reader->extradata().empty());
  const std::vector<std::byte> parameters(37, std::byte{9});
  REQUIRE(writer->set_extradata(parameters));
  CHECK(reader->extradata() == parameters);
  CHECK_FALSE(writer->set_extradata(std::vector<std::byte>(SHMV_EXTRADATA_CAPACITY_BYTES + 1)));
  const auto before = writer->key_requests();
  CHECK(reader->request_key());
  CHECK(writer->key_requests() == before + 1);
}

TEST_CASE("frames larger than a slot are refused, counted, and fit after reserve()", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  auto reader = Reader::attach(SegmentName("unit"));
  Frame frame;
  publish_next(*writer, 1);
  REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
  CHECK(publish_next(*writer, 2, 3 * kBytes) == PublishStatus::too_large);
  CHECK(writer->statistics().dropped[SHMV_DROP_TOO_LARGE] == 1);
  StreamInfo wider;
  wider.width = 640;
  writer->reserve(wider, 3 * kBytes);
  CHECK(publish_next(*writer, 3, 3 * kBytes) == PublishStatus::published);
  REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
  CHECK(frame.info().number == 2);
  CHECK(is_whole(frame));
  CHECK(reader->stream().width == 640);
  CHECK(reader->statistics().restarts == 1);
  CHECK(reader->statistics().missed == 0);
}

TEST_CASE("in order, the old generation is drained before the new one is read", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(6));
  ReaderOptions options;
  options.order = Order::in_order;
  auto reader = Reader::attach(SegmentName("unit"), options);
  for (std::uint64_t i = 1; i <= 4; ++i) publish_next(*writer, i);
  writer->reserve(StreamInfo{}, 2 * kBytes);
  for (std::uint64_t i = 5; i <= 7; ++i) publish_next(*writer, i, 2 * kBytes);
  Frame frame;
  for (std::uint64_t expected = 1; expected <= 7; ++expected) {
    REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
    CHECK(frame.info().number == expected);
    CHECK(is_whole(frame));
  }
  CHECK(reader->statistics().missed == 0);
}

TEST_CASE("a frame outlives its generation, its reader and its writer", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  auto reader = Reader::attach(SegmentName("unit"));
  publish_next(*writer, 1);
  Frame frame;
  REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
  writer->reserve(StreamInfo{}, 4 * kBytes);
  for (std::uint64_t i = 2; i <= 9; ++i) publish_next(*writer, i);
  reader.reset();
  writer.reset();
  CHECK(is_whole(frame));
}

TEST_CASE("a second writer of a name is refused with the first one's pid", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  try {
    Writer::create(SegmentName("unit"), options_with(3));
    FAIL("two writers");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::writer_exists);
    CHECK_THAT(error.what(), ContainsSubstring("pid " + std::to_string(::getpid())));
  }
  CHECK(publish_next(*writer, 1) == PublishStatus::published);
}

TEST_CASE("a clean stop is told to readers and leaves nothing behind", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  auto reader = Reader::attach(SegmentName("unit"));
  publish_next(*writer, 1);
  std::thread closer([&] { writer->close(); });
  Frame frame;
  REQUIRE(reader->next(frame, 10s) == ReadStatus::frame);
  CHECK(reader->next(frame, 10s) == ReadStatus::closed);
  closer.join();
  CHECK(place.files() == 0);
  auto successor = Writer::create(SegmentName("unit"), options_with(4));
  publish_next(*successor, 2);
  REQUIRE(reader->next(frame, 10s) == ReadStatus::frame);
  CHECK(frame.info().source_number == 2);
  CHECK(is_whole(frame));
}

TEST_CASE("a sleeping reader is woken by a frame, and by an interrupt", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  auto reader = Reader::attach(SegmentName("unit"));
  Frame frame;
  std::thread publisher([&] { publish_next(*writer, 1); });
  CHECK(reader->next(frame, 10s) == ReadStatus::frame);
  publisher.join();
  std::thread interrupter([&] { reader->interrupt(); });
  CHECK(reader->next(frame, std::chrono::nanoseconds::max()) == ReadStatus::timeout);
  interrupter.join();
}

TEST_CASE("copies are whole and private", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(2));
  ReaderOptions options;
  options.grade = Grade::copy;
  auto reader = Reader::attach(SegmentName("unit"), options);
  publish_next(*writer, 41);
  std::vector<std::byte> copy;
  FrameInfo info;
  REQUIRE(reader->read_copy(copy, info, 1s) == ReadStatus::frame);
  for (std::uint64_t i = 0; i < 5; ++i) publish_next(*writer, i);
  CHECK(has_pattern(copy, 41));
}

TEST_CASE("129 readers: the last one is an observer and reads all the same", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i <= SHMV_READERS_MAX; ++i) readers.push_back(Reader::attach(SegmentName("unit")));
  CHECK(readers[SHMV_READERS_MAX - 1]->statistics().is_present);
  CHECK_FALSE(readers[SHMV_READERS_MAX]->statistics().is_present);
  publish_next(*writer, 1);
  Frame frame;
  REQUIRE(readers[SHMV_READERS_MAX]->next(frame, 1s) == ReadStatus::frame);
  CHECK_FALSE(frame.is_held());
  CHECK(is_whole(frame));
  readers[5].reset();
  CHECK(Reader::attach(SegmentName("unit"))->statistics().is_present);
}

TEST_CASE("a report shows what the writer and the readers do", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(4));
  ReaderOptions options;
  options.program = "looker";
  auto reader = Reader::attach(SegmentName("unit"), options);
  for (std::uint64_t i = 1; i <= 6; ++i) publish_next(*writer, i);
  Frame frame;
  REQUIRE(reader->next(frame, 1s) == ReadStatus::frame);
  writer->drop(DropCause::late, 3);
  const SegmentReport seen = report(SegmentName("unit"));
  CHECK(seen.state == SegmentState::live);
  CHECK(seen.published == 6);
  CHECK(seen.latest == 6);
  CHECK(seen.dropped_total == 3);
  CHECK(seen.slots.size() == 4);
  REQUIRE(seen.last_frame);
  CHECK(seen.last_frame->number == 6);
  REQUIRE(seen.readers.size() == 1);
  CHECK(seen.readers[0].program == "looker");
  CHECK(seen.readers[0].held == 1);
  CHECK(seen.writer_pid == static_cast<std::uint32_t>(::getpid()));
  CHECK(seen.program == "unit-test");
  CHECK(list_segments().size() == 1);
  CHECK_THROWS_AS(remove_segment(SegmentName("unit")), Error);
}

TEST_CASE("a segment that was unlinked behind the writer's back comes back", "[transport]") {
  TempPlace place;
  auto writer = Writer::create(SegmentName("unit"), options_with(3));
  auto reader = Reader::attach(SegmentName("unit"));
  std::filesystem::remove(place.path() / "unit");
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  std::uint64_t seed = 0;
  while (!std::filesystem::exists(place.path() / "unit") && std::chrono::steady_clock::now() < deadline) {
    publish_next(*writer, ++seed);
    std::this_thread::sleep_for(10ms);
  }
  REQUIRE(std::filesystem::exists(place.path() / "unit"));
  publish_next(*writer, ++seed);
  Frame frame;
  while (reader->next(frame, 1s) == ReadStatus::frame && frame.info().source_number != seed) continue;
  REQUIRE(frame);
  CHECK(frame.info().source_number == seed);
  CHECK(Reader::attach(SegmentName("unit"))->generation() == writer->statistics().generation);
}
