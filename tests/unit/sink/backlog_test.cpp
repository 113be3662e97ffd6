// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/backlog.hpp"

#include <algorithm>

#include "support/catch.hpp"

using shmvideo::sink::Backlog;

namespace {

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kStart = 5'000 * kMs;

/// A connection that takes `rate` bytes per second, in lumps, and is given more whenever it holds little.
class FakeConnection {
 public:
  FakeConnection(double rate, std::uint64_t lump) : rate_(rate), lump_(lump) {}
  void set_rate(double rate) { rate_ = rate; }
  void run(std::uint64_t ms, bool is_fed = true) {
    for (std::uint64_t i = 0; i < ms; ++i) {
      now_ns_ += kMs;
      credit_ += rate_ / 1000;
      while (credit_ >= static_cast<double>(lump_)) {
        credit_ -= static_cast<double>(lump_);
        queued_ -= std::min(queued_, lump_);
      }
      if (is_fed && queued_ < 100'000) {
        backlog_.wrote(200'000);
        queued_ += 200'000;
      }
      if (i % 20 == 0) backlog_.sample(now_ns_, queued_);
    }
    backlog_.sample(now_ns_, queued_);
  }
  const Backlog& backlog() const { return backlog_; }

 private:
  Backlog backlog_;
  double rate_;
  std::uint64_t lump_;
  double credit_ = 0;
  std::uint64_t queued_ = 0;
  std::uint64_t now_ns_ = kStart;
};

}  // namespace

TEST_CASE("a connection that always has something to do shows its rate, in lumps too", "[sink][mjpeg]") {
  for (const double rate : {100e3, 1e6, 20e6}) {
    FakeConnection connection(rate, 1500);
    connection.run(5000);
    INFO(rate);
    CHECK(connection.backlog().drain_rate() == Approx(rate).epsilon(0.1));
  }
  FakeConnection lumpy(100e3, 32'768);
  lumpy.run(10'000);
  CHECK(lumpy.backlog().drain_rate() > 20e3);
  CHECK(lumpy.backlog().drain_rate() < 200e3);
}

TEST_CASE("a connection that became slow is known as such within a second", "[sink][mjpeg]") {
  FakeConnection connection(20e6, 1500);
  connection.run(3000);
  connection.set_rate(100e3);
  connection.run(1000);
  CHECK(connection.backlog().drain_rate() < 2e6);
  connection.set_rate(0);
  connection.run(3000);
  CHECK(connection.backlog().drain_rate() < 1e3);
  CHECK_FALSE(connection.backlog().drains_within(1'000 * kMs, 0));
}

TEST_CASE("one that has time to spare is at least as fast as what it was given", "[sink][mjpeg]") {
  Backlog backlog;
  for (std::uint64_t i = 0; i < 100; ++i) {
    backlog.sample(kStart + i * 33 * kMs, 0);
    backlog.wrote(200'000);
  }
  CHECK(backlog.drain_rate() == Approx(6e6).epsilon(0.1));
}

TEST_CASE("what is queued drains in the time that its rate says, and never while nothing is known",
          "[sink][mjpeg]") {
  Backlog backlog;
  CHECK(backlog.drain_ns() == 0);
  CHECK(backlog.drains_within(0, 0));
  backlog.wrote(1000);
  backlog.sample(kStart, 1000);
  CHECK(backlog.drain_ns() > 3'600'000 * kMs);
  CHECK_FALSE(backlog.drains_within(60'000 * kMs, 0));
  for (std::uint64_t i = 1; i <= 20; ++i) {
    backlog.wrote(100'000);
    backlog.sample(kStart + i * 1000 * kMs, 50'000);  // 100 kB/s
  }
  CHECK(backlog.drain_ns() == Approx(500.0 * kMs).epsilon(0.05));
  CHECK_FALSE(backlog.drains_within(400 * kMs, 0));
  CHECK(backlog.drains_within(400 * kMs, 200 * kMs));  // of what is queued, 20 kB are on the wire
  CHECK(backlog.look_again_ns(450 * kMs, 0) == Approx(50.0 * kMs).epsilon(0.6));
}

TEST_CASE("looking again is neither too often nor too late", "[sink][mjpeg]") {
  Backlog backlog;
  backlog.wrote(1'000'000);
  backlog.sample(kStart, 1'000'000);
  CHECK(backlog.look_again_ns(0, 0) <= 100 * kMs);
  backlog.sample(kStart + 1000 * kMs, 1);
  CHECK(backlog.look_again_ns(0, 0) >= kMs);
}

TEST_CASE("what TLS or the kernel adds to what was written passes for no speed", "[sink][mjpeg]") {
  Backlog backlog;
  backlog.wrote(40'000);
  backlog.sample(kStart, 0);
  for (std::uint64_t i = 1; i <= 10; ++i) {  // nobody reads, and more is held than was written
    backlog.wrote(40'000);
    backlog.sample(kStart + i * 300 * kMs, i * 40'100);
  }
  CHECK(backlog.drain_rate() < 1e3);
  CHECK_FALSE(backlog.drains_within(1'000 * kMs, 0));
}
