// SPDX-License-Identifier: Apache-2.0
#include "source/libav/pacing.hpp"

#include "support/catch.hpp"

using namespace shmvideo::source;
using namespace shmvideo::source::media;

namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kInterval = 40 * kMs;
constexpr std::int64_t kFar = INT64_MAX;

/// Time passes only where somebody sleeps, or a test says so.
class FakeClock final : public PaceClock {
 public:
  std::int64_t now_ns() noexcept override { return now; }
  bool sleep_until_ns(std::int64_t time_ns) noexcept override {
    if (!is_interrupted && time_ns > now) now = time_ns;
    return !is_interrupted;
  }
  void interrupt() noexcept override { is_interrupted = true; }
  std::int64_t now = 5'000'000'000;
  bool is_interrupted = false;
};

}  // namespace

TEST_CASE("a frame waits for its time, from the first one on") {
  FakeClock clock;
  Pacing pacing(PaceRule::play, kInterval, clock);
  const std::int64_t start = clock.now;
  for (int frame = 0; frame < 5; ++frame) {
    CHECK_FALSE(pacing.next(frame * kInterval));
    CHECK(pacing.sleep(kFar) == Pacing::Sleep::due);
    CHECK(clock.now == start + frame * kInterval);
    CHECK(pacing.due_ns() == clock.now);
  }
}

TEST_CASE("a sleep ends at the deadline, and goes on") {
  FakeClock clock;
  Pacing pacing(PaceRule::play, kInterval, clock);
  const std::int64_t start = clock.now;
  pacing.next(0);
  pacing.next(3000 * kMs);
  CHECK(pacing.sleep(clock.now + 500 * kMs) == Pacing::Sleep::again);
  CHECK(clock.now == start + 500 * kMs);
  CHECK(pacing.sleep(kFar) == Pacing::Sleep::due);
  CHECK(clock.now == start + 3000 * kMs);
  clock.interrupt();
  CHECK(pacing.sleep(kFar) == Pacing::Sleep::interrupted);
}

TEST_CASE("a frame whose successor is due is left out, one that is less late is not") {
  FakeClock clock;
  Pacing pacing(PaceRule::play, kInterval, clock);
  pacing.next(0);
  clock.now += 3 * kInterval;
  CHECK(pacing.next(kInterval));
  CHECK_FALSE(pacing.next(2 * kInterval));
  CHECK_FALSE(pacing.next(3 * kInterval));
}

TEST_CASE("who is more than a second behind goes on from there") {
  FakeClock clock;
  Pacing pacing(PaceRule::play, kInterval, clock);
  pacing.next(0);
  clock.now += 5000 * kMs;
  CHECK_FALSE(pacing.next(kInterval));
  CHECK(pacing.due_ns() == clock.now);
  CHECK_FALSE(pacing.next(2 * kInterval));
  CHECK(pacing.due_ns() == clock.now + kInterval);
}

TEST_CASE("a pipe is held back, but nothing of it is left out") {
  FakeClock clock;
  Pacing pacing(PaceRule::not_before, kInterval, clock);
  pacing.next(0);
  clock.now += 500 * kMs;
  CHECK_FALSE(pacing.next(kInterval));
  CHECK(pacing.due_ns() == clock.now);
  CHECK_FALSE(pacing.next(2 * kInterval));
  CHECK(pacing.due_ns() == clock.now + kInterval);
}

TEST_CASE("without a rule nothing is waited for, but an interruption is noticed") {
  FakeClock clock;
  Pacing pacing(PaceRule::none, kInterval, clock);
  const std::int64_t start = clock.now;
  CHECK_FALSE(pacing.next(1'000'000 * kMs));
  CHECK(pacing.sleep(kFar) == Pacing::Sleep::due);
  CHECK(clock.now == start);
  clock.interrupt();
  CHECK(pacing.sleep(kFar) == Pacing::Sleep::interrupted);
}
