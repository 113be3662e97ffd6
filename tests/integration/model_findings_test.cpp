// SPDX-License-Identifier: Apache-2.0
// What the models of docs/model found, and no run by chance: one side is made to act in the middle of the
// other's call.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <fstream>
#include <functional>
#include <thread>
#include <utility>

#include "segment/created_segment.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/patterned_frame.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;
using namespace std::chrono_literals;

namespace {

/// Run once, behind the next pread() of this program.
std::function<void()> after_read;

constexpr std::size_t kBytes = 4096;

/// True if that thread sleeps in the kernel.
bool is_asleep(long thread) {
  std::ifstream in("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string line;
  std::getline(in, line);
  const auto end = line.rfind(')');
  return end != std::string::npos && line.size() > end + 2 && line[end + 2] == 'S';
}

/// A sleeper on the owner word as every reader is one, but with no slice after which it looks by itself.
class Sleeper {
 public:
  explicit Sleeper(const std::uint32_t& word) : thread_([this, &word] { sleep_on(word); }) {
    while (id_ == 0 || !is_asleep(id_)) std::this_thread::sleep_for(1ms);
  }
  bool was_woken() {
    thread_.join();
    return was_woken_;
  }

 private:
  void sleep_on(const std::uint32_t& word) {
    const timespec at_most{30, 0};
    const std::uint32_t value = word;
    id_ = ::syscall(SYS_gettid);
    was_woken_ = ::syscall(SYS_futex, &word, FUTEX_WAIT, value, &at_most, nullptr, 0) == 0;
  }
  std::atomic<long> id_{0};
  bool was_woken_ = false;
  std::thread thread_;
};

std::unique_ptr<CreatedSegment> make_generation(const TempPlace& place, std::uint64_t generation) {
  SegmentPlan plan;
  plan.geometry = plan_geometry(2, kBytes);
  plan.name = "name";
  plan.generation = generation;
  auto made = std::make_unique<CreatedSegment>(SegmentPaths(place.path(), "name"), plan, nullptr);
  made->header().owner = 1 | SHMV_OWNER_WAITERS;
  made->publish_name();
  return made;
}

}  // namespace

// In the place of libc's, for everything in this program.
extern "C" ssize_t pread(int fd, void* to, size_t bytes, off_t at) {
  const ssize_t got = ::syscall(SYS_pread64, fd, to, bytes, at);
  if (after_read) std::exchange(after_read, nullptr)();
  return got;
}

TEST_CASE("who is woken by a death wakes the others, whatever else there is to do", "[integration]") {
  for (const std::uint32_t state : {SHMV_STATE_LIVE, SHMV_STATE_SUPERSEDED, SHMV_STATE_CLOSED})
    for (const bool has_successor : {false, true}) {
      INFO("state " << state << (has_successor ? ", with a successor" : ""));
      TempPlace place;
      const auto segment = make_generation(place, 1);
      auto reader = Reader::attach(SegmentName("name"));
      Sleeper other(segment->header().owner);
      std::unique_ptr<CreatedSegment> successor;
      if (has_successor) successor = make_generation(place, 2);
      // A writer that is killed in the midst of ending or of being followed; the kernel woke our reader for
      // it.
      __atomic_store_n(&segment->header().state, state, __ATOMIC_SEQ_CST);
      __atomic_fetch_or(&segment->header().owner, SHMV_OWNER_DIED, __ATOMIC_SEQ_CST);
      Frame frame;
      reader->next(frame, 0s);
      CHECK(other.was_woken());
    }
}

TEST_CASE("a reader that goes on to the next frame while the writer looks seems to hold one frame",
          "[integration]") {
  TempPlace place;
  WriterOptions options;
  options.slots = 3;
  options.slot_capacity_bytes = kBytes;
  auto writer = Writer::create(SegmentName("name"), options);
  const std::vector<std::byte> payload(kBytes);
  for (int i = 0; i < 3; ++i) writer->publish(opaque_info(kBytes, 1), payload);
  ReaderOptions reading;
  reading.order = Order::in_order;
  reading.start = Start::oldest;
  auto reader = Reader::attach(SegmentName("name"), reading);
  Frame frame;
  REQUIRE(reader->next(frame, 0s) == ReadStatus::frame);
  REQUIRE(frame.is_held());
  after_read = [&] {
    REQUIRE(reader->next(frame, 0s) == ReadStatus::frame);
    REQUIRE(frame.is_held());
  };
  writer->publish(opaque_info(kBytes, 1), payload);
  CHECK_FALSE(after_read);
  CHECK(frame.info().number == 2);
  CHECK(frame.valid());
  // One slot was free all the time: nobody lost anything, and nobody is told so.
  CHECK(writer->statistics().revoked == 0);
}
