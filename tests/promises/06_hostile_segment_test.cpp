// SPDX-License-Identifier: Apache-2.0
// Promise 6: segments that are cut, emptied, replaced and scribbled on while they are read and written: an
// error or an end, never a crash and never for ever.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "process.hpp"
#include "segment/created_segment.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/report.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/patterned_frame.hpp"
#include "support/temp_place.hpp"
#include "toolkit/process/sigbus_guard.hpp"

using namespace shmvideo;
using namespace shmvideo_test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kBytes = 65536;
const SegmentName kName("name");

std::unique_ptr<Writer> guarded_writer() {
  WriterOptions options;
  options.slots = 3;
  options.slot_capacity_bytes = kBytes;
  options.guard = &toolkit::SigbusGuard::instance();
  return Writer::create(kName, options);
}

std::unique_ptr<Reader> guarded_reader(Grade grade = Grade::hold, Order order = Order::newest) {
  ReaderOptions options;
  options.grade = grade;
  options.order = order;
  options.guard = &toolkit::SigbusGuard::instance();
  return Reader::attach(kName, options);
}

void publish(Writer& writer, std::uint64_t seed) {
  std::vector<std::byte> payload(kBytes);
  fill_pattern(payload, seed);
  writer.publish(opaque_info(kBytes, seed), payload);
}

/// Touches what a careful program would touch.
std::uint64_t look_at(const Frame& frame) {
  std::uint64_t sum = 0;
  for (const std::byte byte : frame.bytes()) sum += static_cast<std::uint64_t>(byte);
  if (const auto picture = as_picture(frame.info(), frame.bytes()))
    sum += static_cast<std::uint64_t>(*picture->plane[0]);
  return sum;
}

}  // namespace

TEST_CASE("a segment that is cut off under its reader and its writer ends nobody", "[promises]") {
  for (const std::uintmax_t length : {std::uintmax_t{0}, std::uintmax_t{4096}, std::uintmax_t{100'000}}) {
    TempPlace place;
    auto writer = guarded_writer();
    auto reader = guarded_reader();
    publish(*writer, 1);
    Frame frame;
    REQUIRE(reader->next(frame, 10s) == ReadStatus::frame);
    CHECK(has_pattern(frame.bytes(), 1));
    std::filesystem::resize_file(place.path() / "name", length);
    look_at(frame);
    // The writer goes on in a new file of the same name, and takes its readers along.
    std::uint64_t seed = 1;
    CHECK(eventually([&] {
      publish(*writer, ++seed);
      return reader->next(frame, 1ms) == ReadStatus::frame && frame.info().generation > 1 &&
             has_pattern(frame.bytes(), frame.info().source_number) && frame.valid();
    }));
    CHECK(Reader::attach(kName)->generation() == writer->statistics().generation);
  }
}

TEST_CASE("a frame whose file was cut off is not valid", "[promises]") {
  TempPlace place;
  Peer writer({"write", "name", "bytes=65536"});
  REQUIRE(writer.line().starts_with("ready"));
  REQUIRE(writer.ask("publish 1").starts_with("ok"));
  auto reader = guarded_reader();
  Frame frame;
  REQUIRE(reader->next(frame, 10s) == ReadStatus::frame);
  std::filesystem::resize_file(place.path() / "name", 0);
  CHECK_FALSE(has_pattern(frame.bytes(), frame.info().source_number));
  CHECK_FALSE(frame.valid());
  frame.release();
  CHECK(reader->next(frame, 0s) == ReadStatus::writer_gone);
}

TEST_CASE("a segment that is emptied by a hole is one without a writer", "[promises]") {
  TempPlace place;
  auto writer = guarded_writer();
  auto reader = guarded_reader();
  publish(*writer, 1);
  Frame frame;
  REQUIRE(reader->next(frame, 10s) == ReadStatus::frame);
  const int fd = ::open((place.path() / "name").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096 + 4096 + 4096 + 3 * kBytes) ==
          0);
  ::close(fd);
  CHECK_FALSE(frame.valid());
  for (std::uint64_t seed = 2; seed < 50; ++seed) publish(*writer, seed);
  for (int i = 0; i < 50; ++i)
    if (reader->next(frame, 0s) == ReadStatus::frame) look_at(frame);
  CHECK_THROWS_AS(Reader::attach(kName), Error);
}

TEST_CASE("a segment that is scribbled on while it is read crashes nobody", "[promises]") {
  std::uint64_t delivered = 0;
  for (const bool spare : {true, false})
    for (const Grade grade : {Grade::observe, Grade::copy, Grade::hold})
      for (const Order order : {Order::newest, Order::in_order}) {
        TempPlace place;
        auto writer = guarded_writer();
        auto reader = guarded_reader(grade, order);
        publish(*writer, 1);
        Peer vandal({"vandal", "name", spare ? "spare_status" : "all"});
        REQUIRE(vandal.line().starts_with("ready"));
        const auto end = std::chrono::steady_clock::now() + 250ms;
        std::vector<std::byte> copy;
        FrameInfo info;
        Frame frame;
        std::uint64_t seed = 1;
        for (std::uint64_t i = 0; std::chrono::steady_clock::now() < end; ++i) {
          if (i % 8 == 0) publish(*writer, ++seed);
          if (grade == Grade::copy) {
            delivered += reader->read_copy(copy, info, 1ms) == ReadStatus::frame;
          } else if (reader->next(frame, 1ms) == ReadStatus::frame) {
            ++delivered;
            CHECK(frame.bytes().size() <= kBytes);
            look_at(frame);
          }
          CHECK(reader->extradata().size() <= SHMV_EXTRADATA_CAPACITY_BYTES);
          reader->state();
          if (i % 16 != 0) continue;
          try {
            const SegmentReport seen = report(kName);
            CHECK(seen.slots.size() <= SHMV_INDEX_MAX);
          } catch (const Error&) {
            // The immutable block was hit.
          }
        }
        vandal.kill();
        // The writer remembers by itself what it needs, and the name can be had again after all.
        CHECK(writer->publish(opaque_info(8, 1), std::vector<std::byte>(8)) == PublishStatus::published);
        frame.release();
        writer.reset();
        auto next = guarded_writer();
        publish(*next, 7);
        CHECK(Reader::attach(kName)->next(frame, 10s) == ReadStatus::frame);
      }
  CHECK(delivered > 0);
}

TEST_CASE("a name that changes hands for ever keeps nobody for ever", "[promises]") {
  TempPlace place;
  const SegmentPaths paths(place.path(), "name");
  SegmentPlan plan;
  plan.geometry = plan_geometry(2, 4096);
  plan.name = "name";
  std::atomic<bool> stopping{false};
  std::atomic<int> replaced{0};
  { CreatedSegment(paths, plan, nullptr).publish_name(); }
  std::thread vandal([&] {
    while (!stopping) {
      CreatedSegment dead(paths, plan, nullptr);
      // Nobody owns it: it is that of a dead writer, or claims to be superseded.
      if (replaced % 2) dead.header().state = SHMV_STATE_SUPERSEDED;
      dead.publish_name();
      ++replaced;
    }
  });
  auto reader = Reader::attach(kName);
  Frame frame;
  for (int i = 0; i < 100; ++i) CHECK(reader->next(frame, 1ms) != ReadStatus::frame);
  CHECK(eventually([&] { return replaced > 10; }));
  stopping = true;
  vandal.join();
}
