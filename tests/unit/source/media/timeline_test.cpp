// SPDX-License-Identifier: Apache-2.0
#include "source/libav/timeline.hpp"

#include "support/catch.hpp"

using shmvideo::source::FrameRate;
using shmvideo::source::media::Timeline;

namespace {
constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kSecond = 1000 * kMs;
}  // namespace

TEST_CASE("frames are due when their stamps say, counted from the first one") {
  Timeline timeline({25, 1}, false);
  CHECK(timeline.advance(7000 * kMs, false) == 0);
  CHECK(timeline.advance(7040 * kMs, false) == 40 * kMs);
  CHECK(timeline.advance(7300 * kMs, false) == 300 * kMs);
  CHECK(timeline.advance(std::nullopt, false) == 340 * kMs);
  CHECK(timeline.advance(7380 * kMs, false) == 380 * kMs);
  CHECK_FALSE(timeline.is_discontinuous());
}

TEST_CASE("without stamps they are as far apart as the rate says") {
  Timeline timeline({50, 1}, false);
  CHECK(timeline.advance(std::nullopt, false) == 0);
  CHECK(timeline.advance(std::nullopt, false) == 20 * kMs);
  CHECK(timeline.advance(std::nullopt, true) == 40 * kMs);
}

TEST_CASE("a fixed rate does not look at stamps, and does not drift") {
  Timeline timeline({30000, 1001}, true);
  for (int i = 0; i < 30000; ++i) timeline.advance(i * kSecond, false);
  CHECK(timeline.advance(0, false) == 1001 * kSecond);
  CHECK_FALSE(timeline.is_discontinuous());
}

TEST_CASE("the beginning follows the end as the next frame, and is a cut") {
  Timeline timeline({25, 1}, false);
  timeline.advance(100 * kMs, false);
  timeline.advance(140 * kMs, false);
  CHECK(timeline.advance(100 * kMs, true) == 80 * kMs);
  CHECK(timeline.is_discontinuous());
  CHECK(timeline.advance(140 * kMs, false) == 120 * kMs);
  CHECK_FALSE(timeline.is_discontinuous());
}

TEST_CASE("a gap is sat through, but not one that is a mistake") {
  Timeline timeline({25, 1}, false);
  timeline.advance(0, false);
  CHECK(timeline.advance(9 * kSecond, false) == 9 * kSecond);
  CHECK_FALSE(timeline.is_discontinuous());
  CHECK(timeline.advance(3600 * kSecond, false) == 9 * kSecond + 40 * kMs);
  CHECK(timeline.is_discontinuous());
  CHECK(timeline.advance(3600 * kSecond + 40 * kMs, false) == 9 * kSecond + 80 * kMs);
  CHECK_FALSE(timeline.is_discontinuous());
}

TEST_CASE("time never goes back: a stamp that is a little off is passed by, a jump is a cut") {
  Timeline timeline({25, 1}, false);
  timeline.advance(0, false);
  timeline.advance(100 * kMs, false);
  CHECK(timeline.advance(60 * kMs, false) == 100 * kMs + 1);
  CHECK_FALSE(timeline.is_discontinuous());
  CHECK(timeline.advance(140 * kMs, false) == 140 * kMs);
  CHECK(timeline.advance(-60 * kSecond, false) == 180 * kMs);
  CHECK(timeline.is_discontinuous());
}

TEST_CASE("stamps that nobody can reckon with are none") {
  Timeline timeline({25, 1}, false);
  CHECK(timeline.advance(INT64_MIN, false) == 0);
  CHECK(timeline.advance(INT64_MAX, false) == 40 * kMs);
  CHECK(timeline.advance(7000 * kMs, false) == 80 * kMs);
  CHECK(timeline.advance(INT64_MIN, false) == 120 * kMs);
  CHECK(timeline.advance(7100 * kMs, false) == 180 * kMs);
  CHECK_FALSE(timeline.is_discontinuous());
}
