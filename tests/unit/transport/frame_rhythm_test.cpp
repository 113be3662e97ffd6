// SPDX-License-Identifier: Apache-2.0
#include "transport/frame_rhythm.hpp"

#include "support/catch.hpp"

using shmvideo::FrameRhythm;

namespace {

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kStart = 5'000 * kMs;

FrameRhythm after(std::uint64_t interval_ns, std::uint64_t second_number = 8) {
  FrameRhythm rhythm;
  rhythm.take(7, kStart);
  rhythm.take(second_number, kStart + interval_ns);
  return rhythm;
}

}  // namespace

TEST_CASE("two frames in a row say when the next one is late", "[transport]") {
  CHECK(after(16 * kMs).overdue_ns() == kStart + 2 * 16 * kMs + 10 * kMs);
  CHECK(after(40 * kMs).overdue_ns() == kStart + 2 * 40 * kMs + 10 * kMs);
}

TEST_CASE("nothing is expected of a slow stream, of one frame, nor after a gap", "[transport]") {
  CHECK(FrameRhythm().overdue_ns() == 0);
  CHECK(after(41 * kMs).overdue_ns() == 0);
  CHECK(after(16 * kMs, 9).overdue_ns() == 0);
  CHECK(after(16 * kMs, 7).overdue_ns() == 0);
}

TEST_CASE("times that no writer would tell do no harm", "[transport]") {
  FrameRhythm rhythm;
  rhythm.take(1, UINT64_MAX - 5);
  rhythm.take(2, UINT64_MAX);
  CHECK(rhythm.overdue_ns() <= 10 * kMs + 10);
  rhythm.take(3, 0);
  CHECK(rhythm.overdue_ns() == 0);
}
