// SPDX-License-Identifier: Apache-2.0
#include "source/pacer.hpp"

#include <thread>

#include "support/catch.hpp"

using namespace shmvideo::source;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// Sleeping takes no time but moves the clock; each sleep wakes a little late, as real ones do.
class FakeClock final : public PaceClock {
 public:
  std::int64_t now_ns() noexcept override { return now; }
  bool sleep_until_ns(std::int64_t time_ns) noexcept override {
    if (time_ns > now) now = time_ns + oversleep;
    return !is_interrupted;
  }
  void interrupt() noexcept override { is_interrupted = true; }

  std::int64_t now = 5'000 * kSecond + 7;
  std::int64_t oversleep = 0;
  bool is_interrupted = false;
};

}  // namespace

TEST_CASE("rates that people mean are found in the numbers that libraries give") {
  CHECK(rate_from_double(30.0) == FrameRate{30, 1});
  CHECK(rate_from_double(29.97002997002997) == FrameRate{30000, 1001});
  CHECK(rate_from_double(29.97) == FrameRate{30000, 1001});
  CHECK(rate_from_double(23.976) == FrameRate{24000, 1001});
  CHECK(rate_from_double(59.94005994) == FrameRate{60000, 1001});
  CHECK(rate_from_double(12.5) == FrameRate{12500, 1000});
  CHECK(rate_from_double(1) == FrameRate{1, 1});
  CHECK(rate_from_double(0.5) == FrameRate{500, 1000});
  for (double nonsense :
       {0.0, -1.0, 1e9, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    CHECK(rate_from_double(nonsense).numerator == 0);
  }
}

TEST_CASE("the time of a frame is exact however long it runs") {
  CHECK(time_of_frame_ns({30, 1}, 1) == 33'333'333);
  CHECK(time_of_frame_ns({30, 1}, 30) == kSecond);
  CHECK(time_of_frame_ns({30000, 1001}, 30000) == 1001 * kSecond);
  const std::uint64_t ten_years = 30000ULL * 315'360;
  CHECK(time_of_frame_ns({30000, 1001}, ten_years) == 1001 * 315'360 * kSecond);
  CHECK(time_of_frame_ns({4294967295U, 1}, 4294967295U) == kSecond);
}

TEST_CASE("a frame and its time belong together in both directions") {
  for (FrameRate rate : {FrameRate{30, 1}, {30000, 1001}, {25, 2}, {1, 1}, {240, 1}, {7, 3}}) {
    for (std::uint64_t n : {0ULL, 1ULL, 2ULL, 999ULL, 1'000'000ULL, 1'000'000'000ULL}) {
      const std::int64_t time = time_of_frame_ns(rate, n);
      CHECK(frame_at_ns(rate, time) == n);
      if (n > 0) CHECK(frame_at_ns(rate, time - 1) == n - 1);
    }
  }
  CHECK(frame_at_ns({30, 1}, -5) == 0);
}

TEST_CASE("ten minutes of pacing do not drift, although every sleep is too long") {
  FakeClock clock;
  clock.oversleep = 300'000;
  const std::int64_t start = clock.now;
  const FrameRate rate{30000, 1001};
  Pacer pacer(rate, clock);
  constexpr std::uint64_t kFrames = 17982;  // ten minutes
  for (std::uint64_t i = 0; i < kFrames; ++i) {
    const auto turn = pacer.next();
    REQUIRE(turn.index == i);
    REQUIRE(turn.skipped == 0);
    const std::int64_t late = clock.now - start - time_of_frame_ns(rate, i);
    REQUIRE(late >= 0);
    REQUIRE(late <= clock.oversleep);
    clock.now += 5'000'000;  // the work on each frame
  }
}

TEST_CASE("whoever comes late skips what is past, and keeps the beat") {
  FakeClock clock;
  const std::int64_t start = clock.now;
  Pacer pacer({10, 1}, clock);
  CHECK(pacer.next().index == 0);
  CHECK(pacer.next().index == 1);
  clock.now += 350'000'000;  // to 450 ms: turns 2 and 3 are past, 4 is due
  auto turn = pacer.next();
  CHECK(turn.index == 4);
  CHECK(turn.skipped == 2);
  CHECK(clock.now == start + 450'000'000);
  turn = pacer.next();
  CHECK(turn.index == 5);
  CHECK(turn.skipped == 0);
  CHECK(clock.now == start + 500'000'000);
}

TEST_CASE("a little late is no reason to skip") {
  FakeClock clock;
  Pacer pacer({10, 1}, clock);
  pacer.next();
  clock.now += 150'000'000;
  const auto turn = pacer.next();
  CHECK(turn.index == 1);
  CHECK(turn.skipped == 0);
}

TEST_CASE("an interruption ends the waiting, also of those who have nothing to wait for") {
  SteadyPaceClock clock;
  Pacer pacer({1, 3600}, clock);
  CHECK_FALSE(pacer.next().is_interrupted);
  std::thread other([&] { clock.interrupt(); });
  CHECK(pacer.next().is_interrupted);
  other.join();
  CHECK_FALSE(clock.sleep_until_ns(0));
}
