// SPDX-License-Identifier: Apache-2.0
// The descriptor for event loops, and waking without futex_waitv.
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "process.hpp"
#include "shmvideo/reader.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo_test;
using namespace shmvideo;
using namespace std::chrono_literals;

namespace {

/// An event loop's way to the next answer: sleeps in epoll only, reads the descriptor, then drains.
class EpollLoop {
 public:
  explicit EpollLoop(Reader& reader)
      : reader_(reader), fd_(reader.event_fd()), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLET;
    REQUIRE(::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd_, &wanted) == 0);
  }
  ~EpollLoop() { ::close(epoll_); }
  /// Until the reader says `wanted`; false if it does not in time.
  bool until(ReadStatus wanted) {
    return eventually([&] {
      const ReadStatus status = reader_.next(frame, 0s);
      if (status == wanted) return true;
      if (status == ReadStatus::frame) return false;
      is_woken();
      clear();
      return false;
    });
  }
  bool is_woken() {
    epoll_event event{};
    return ::epoll_wait(epoll_, &event, 1, 10'000) == 1;
  }
  void clear() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(fd_, &count, sizeof count);
  }
  Frame frame;

 private:
  Reader& reader_;
  int fd_;
  int epoll_;
};

}  // namespace

TEST_CASE("an event loop sees frames, a kill -9, a successor and a clean stop", "[integration]") {
  TempPlace place;
  Peer first({"write", "name"});
  REQUIRE(first.line().starts_with("ready"));
  auto reader = Reader::attach(SegmentName("name"));
  EpollLoop loop(*reader);
  for (std::uint64_t number = 1; number <= 20; ++number) {
    first.send("publish 1");
    REQUIRE(loop.until(ReadStatus::frame));
    CHECK(loop.frame.info().number == number);
    first.line();
  }
  // By the descriptor alone: nothing is looked at before it says so.
  loop.clear();
  first.send("publish 1");
  CHECK(loop.is_woken());
  CHECK(loop.until(ReadStatus::frame));
  first.line();
  first.kill();
  CHECK(loop.until(ReadStatus::writer_gone));
  Peer second({"write", "name", "bytes=32768"});
  REQUIRE(second.line().starts_with("ready"));
  second.send("publish 1");
  REQUIRE(loop.until(ReadStatus::frame));
  CHECK(loop.frame.info().number == 22);
  second.line();
  second.send("close");
  CHECK(loop.until(ReadStatus::closed));
}

TEST_CASE("poll alone is enough to follow a free-running writer", "[integration]") {
  TempPlace place;
  Peer writer({"write", "name", "free", "gap_us=2000"});
  REQUIRE(writer.line().starts_with("ready"));
  Peer reader({"read", "name"});
  REQUIRE(reader.line().starts_with("ready"));
  int frames = 0;
  for (int i = 0; i < 50; ++i) {
    REQUIRE(value(reader.ask("poll 10000"), "ready") == 1);
    frames += reader.ask("next 0").starts_with("frame");
  }
  CHECK(frames > 25);
}

TEST_CASE("without futex_waitv readers are woken all the same", "[integration]") {
  TempPlace place;
  Peer writer({"write", "name", "no_waitv"});
  const std::string ready = writer.line();
  if (is_unavailable(ready)) return;
  REQUIRE(ready.starts_with("ready"));
  Peer reader({"read", "name", "no_waitv"});
  REQUIRE(reader.line().starts_with("ready"));
  for (int i = 0; i < 20; ++i) {
    reader.send("next 20000");
    REQUIRE(writer.ask("publish 1").starts_with("ok"));
    CHECK(reader.line().starts_with("frame"));
  }
  reader.send("next 20000");
  writer.kill();
  CHECK(reader.line().starts_with("writer_gone"));
  CHECK(value(reader.ask("poll 10000"), "ready") == 1);
}
