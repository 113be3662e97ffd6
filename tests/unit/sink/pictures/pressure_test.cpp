// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/pressure.hpp"

#include "support/catch.hpp"

using shmvideo::sink::Pressure;

namespace {

constexpr std::uint64_t kMs = 1'000'000;

/// A server whose pictures wait and take as long as the test says.
struct Load {
  Pressure pressure{2};
  std::uint64_t now_ns = 1'000 * kMs;
  /// 30 pictures a second.
  void run(double seconds, std::uint64_t late_ms, std::uint64_t encode_ms) {
    for (int i = 0; i < static_cast<int>(seconds * 30); ++i) {
      now_ns += 33 * kMs + kMs / 3;
      pressure.add(now_ns - (late_ms + encode_ms) * kMs, now_ns - encode_ms * kMs, now_ns, now_ns + kMs / 10);
    }
  }
};

}  // namespace

TEST_CASE("a server that has time stays at level 0", "[sink][mjpeg]") {
  Load load;
  load.run(60, 0, 8);
  CHECK(load.pressure.level() == 0);
}

TEST_CASE("a moment's hitch is no pressure", "[sink][mjpeg]") {
  Load load;
  for (int i = 0; i < 10; ++i) {
    load.run(0.5, 100, 50);
    load.run(5, 0, 8);
  }
  CHECK(load.pressure.level() == 0);
}

TEST_CASE("pictures that are begun late raise the level step by step, up to its end", "[sink][mjpeg]") {
  Load load;
  load.run(3.2, 20, 50);
  CHECK(load.pressure.level() == 1);
  load.run(2.2, 20, 50);
  CHECK(load.pressure.level() == 2);
  load.run(30, 20, 50);
  CHECK(load.pressure.level() == Pressure::kLevelMax);
}

TEST_CASE("many sizes that wait for each other are no pressure while the threads have time",
          "[sink][mjpeg]") {
  Load load;
  load.run(60, 20, 8);
  CHECK(load.pressure.level() == 0);
}

TEST_CASE("pictures that come back late to the loop count as well", "[sink][mjpeg]") {
  Pressure pressure(2);
  std::uint64_t now_ns = 1'000 * kMs;
  for (int i = 0; i < 120; ++i, now_ns += 33 * kMs)
    pressure.add(now_ns, now_ns, now_ns + 8 * kMs, now_ns + 30 * kMs);
  CHECK(pressure.level() > 0);
}

TEST_CASE("between good and bad the level stays", "[sink][mjpeg]") {
  Load load;
  load.run(3.2, 20, 50);
  REQUIRE(load.pressure.level() == 1);
  load.run(60, 5, 20);
  CHECK(load.pressure.level() == 1);
  load.run(60, 0, 55);  // in time, but the threads have no room for a step up
  CHECK(load.pressure.level() == 1);
}

TEST_CASE("the level goes down when there is time again", "[sink][mjpeg]") {
  Load load;
  load.run(5.2, 20, 50);
  REQUIRE(load.pressure.level() == 2);
  load.run(3, 0, 8);
  CHECK(load.pressure.level() == 2);
  load.run(15, 0, 8);
  CHECK(load.pressure.level() == 0);
}

TEST_CASE("who goes down too early waits longer the next time", "[sink][mjpeg]") {
  Load load;
  const auto seconds_until_down = [&load] {
    load.run(3.2, 20, 50);
    REQUIRE(load.pressure.level() == 1);
    int seconds = 0;
    for (; load.pressure.level() == 1 && seconds < 200; ++seconds) load.run(1, 0, 8);
    return seconds;
  };
  const int first = seconds_until_down();
  const int second = seconds_until_down();
  const int third = seconds_until_down();
  CHECK(second > first + 2);
  CHECK(third > second + 2);
}

TEST_CASE("while nothing is made, nothing presses", "[sink][mjpeg]") {
  Load load;
  load.run(30, 20, 50);
  REQUIRE(load.pressure.level() == Pressure::kLevelMax);
  load.now_ns += 3'600'000 * kMs;
  load.run(1, 0, 8);
  CHECK(load.pressure.level() == 0);
}
