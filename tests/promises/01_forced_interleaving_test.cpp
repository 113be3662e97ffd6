// SPDX-License-Identifier: Apache-2.0
// Promise 1, the moments between claiming and holding that chance does not hit: the other side is run inside
// a system call of the one side.
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>
#include <utility>

#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/patterned_frame.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;
using namespace std::chrono_literals;

namespace {

/// Run once, in the call that `calls_before` counts down to.
struct Intrusion {
  int calls_before = -1;
  std::function<void()> action;
  void call() {
    if (calls_before < 0 || calls_before-- > 0) return;
    std::exchange(action, nullptr)();
  }
};
Intrusion after_read;
Intrusion before_read;
Intrusion before_write;
Intrusion after_write;

}  // namespace

// In the place of libc's, for everything in this program.
extern "C" ssize_t pread(int fd, void* to, size_t bytes, off_t at) {
  before_read.call();
  const ssize_t got = ::syscall(SYS_pread64, fd, to, bytes, at);
  after_read.call();
  return got;
}
extern "C" ssize_t pwrite(int fd, const void* from, size_t bytes, off_t at) {
  before_write.call();
  const ssize_t put = ::syscall(SYS_pwrite64, fd, from, bytes, at);
  after_write.call();
  return put;
}

namespace {

constexpr std::size_t kBytes = 4096;

/// Three slots with the frames 1 to 3, and a reader that will take the oldest, which goes next.
struct Scene {
  Scene() {
    WriterOptions options;
    options.slots = 3;
    options.slot_capacity_bytes = kBytes;
    writer = Writer::create(SegmentName("name"), options);
    for (int i = 0; i < 3; ++i) publish();
    ReaderOptions reading;
    reading.order = Order::in_order;
    reading.start = Start::oldest;
    reader = Reader::attach(SegmentName("name"), reading);
  }
  void publish() {
    std::vector<std::byte> payload(kBytes);
    fill_pattern(payload, ++seed);
    REQUIRE(writer->publish(opaque_info(kBytes, seed), payload) == PublishStatus::published);
  }
  void take() { REQUIRE(reader->next(frame, 0s) == ReadStatus::frame); }
  bool is_whole() const { return has_pattern(frame.bytes(), frame.info().source_number) && frame.valid(); }

  TempPlace place;
  std::unique_ptr<Writer> writer;
  std::unique_ptr<Reader> reader;
  Frame frame;
  std::uint64_t seed = 0;
};

}  // namespace

TEST_CASE("a hold between the writer's look and its claim is seen by its second look", "[promises]") {
  Scene scene;
  after_read = {0, [&] { scene.take(); }};
  scene.publish();
  REQUIRE(scene.frame);
  CHECK(scene.frame.info().number == 1);
  CHECK(scene.frame.is_held());
  CHECK(scene.is_whole());
  scene.publish();
  scene.publish();
  CHECK(scene.is_whole());
  CHECK(scene.writer->statistics().revoked == 0);
}

TEST_CASE("a reader that finds the slot claimed does not believe that it holds it", "[promises]") {
  for (const bool early : {true, false}) {
    Scene scene;
    Intrusion& moment = early ? before_read : after_read;
    moment.action = [&] { scene.take(); };
    moment.calls_before = 1;
    scene.publish();
    REQUIRE(scene.frame);
    CHECK(scene.frame.info().number == 1);
    // Whichever of the two gave way: what is said to be held is there.
    CHECK(scene.frame.is_held() == scene.is_whole());
    // The hold was given back: slots go round as ever.
    for (int i = 0; i < 6; ++i) scene.publish();
    CHECK(scene.writer->statistics().revoked == 0);
  }
}

TEST_CASE("a claim between the reader's hold and its look goes round it", "[promises]") {
  Scene scene;
  after_write = {0, [&] { scene.publish(); }};
  scene.take();
  CHECK(scene.frame.info().number == 1);
  CHECK(scene.frame.is_held());
  scene.publish();
  CHECK(scene.is_whole());
  CHECK(scene.writer->statistics().revoked == 0);
}

TEST_CASE("a slot that comes round between finding a frame and holding it is not taken for it",
          "[promises]") {
  Scene scene;
  before_write = {0, [&] {
                    for (int i = 0; i < 2; ++i) scene.publish();
                  }};
  scene.take();
  CHECK(scene.frame.info().number > 1);
  CHECK(scene.reader->statistics().torn == 1);
  CHECK(scene.is_whole());
}
