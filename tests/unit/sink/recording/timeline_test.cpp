// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/timeline.hpp"

#include <cstdint>

#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kStart = 123'456 * kMs;

}  // namespace

TEST_CASE("times are counted from the first frame, to the nearest tick") {
  Timeline milliseconds(Tick{1, 1000});
  CHECK(milliseconds.next(kStart) == 0);
  CHECK(milliseconds.next(kStart + 40 * kMs) == 40);
  CHECK(milliseconds.next(kStart + 80 * kMs + 499'999) == 80);
  CHECK(milliseconds.next(kStart + 120 * kMs + 500'000) == 121);
  Timeline fine(Tick{1, 90000});
  CHECK(fine.next(kStart) == 0);
  CHECK(fine.next(kStart + 1000 * kMs) == 90000);
  Timeline ntsc(Tick{1001, 30000});
  CHECK(ntsc.next(kStart) == 0);
  CHECK(ntsc.next(kStart + 1'001'000'000) == 30);
}

TEST_CASE("times rise strictly, whatever the capture times do, and find back to the truth") {
  Timeline timeline(Tick{1, 1000});
  CHECK(timeline.next(kStart) == 0);
  CHECK(timeline.next(kStart) == 1);
  CHECK(timeline.next(kStart + 100) == 2);
  CHECK(timeline.next(0) == 3);
  CHECK(timeline.next(kStart + 40 * kMs) == 40);
  CHECK(timeline.next(kStart + 10 * kMs) == 41);
  CHECK(timeline.next(kStart + 80 * kMs) == 80);
}

TEST_CASE("no capture time makes it overflow") {
  Timeline timeline(Tick{1, 90000});
  CHECK(timeline.next(0) == 0);
  const std::int64_t far = timeline.next(UINT64_MAX);
  CHECK(far == 1660206966633860);  // 2^64 ns
  CHECK(timeline.next(UINT64_MAX) == far + 1);
}

TEST_CASE("a gap that the container cannot leave out is shortened, and what follows keeps its distances") {
  Timeline timeline(Tick{1, 30}, 100);
  CHECK(timeline.next(kStart) == 0);
  CHECK(timeline.next(kStart + 3000 * kMs) == 90);
  CHECK(timeline.next(kStart + 100'000 * kMs) == 190);
  CHECK(timeline.next(kStart + 101'000 * kMs) == 220);
}

TEST_CASE("capture times are believed as far as they can be true") {
  constexpr std::uint64_t kNow = 1'000'000'000'000;
  CHECK(credible_time(kNow - 5, kNow) == kNow - 5);
  CHECK(credible_time(kNow + 5, kNow) == kNow);
  CHECK(credible_time(0, kNow) == kNow - 600'000'000'000);
  CHECK(credible_time(0, 5) == 0);
  CHECK(credible_time(UINT64_MAX, kNow) == kNow);
}
