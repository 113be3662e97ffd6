// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/skips.hpp"

#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

constexpr std::uint64_t kMs = 1'000'000;

Skips explain(std::uint64_t frames, std::uint64_t elapsed_ms, std::uint64_t interval_ms,
              std::uint64_t busy_ms) {
  return explain_gap(frames, elapsed_ms * kMs, interval_ms * kMs, busy_ms * kMs);
}

}  // namespace

TEST_CASE("frames beyond a viewer's rate were not due, busy or not", "[sink][mjpeg]") {
  for (const std::uint64_t busy_ms : {0, 90}) {
    const Skips skips = explain(2, 100, 100, busy_ms);  // 30 fps for one who wants 10
    CHECK(skips.not_due == 2);
    CHECK(skips.slow == 0);
    CHECK(skips.processor == 0);
  }
}

TEST_CASE("frames that were due are the connection's fault when it was busy, else the processor's",
          "[sink][mjpeg]") {
  CHECK(explain(9, 333, 33, 300).slow == 9);
  CHECK(explain(9, 333, 33, 300).processor == 0);
  CHECK(explain(9, 333, 33, 1).processor == 9);
  CHECK(explain(9, 333, 33, 1).slow == 0);
}

TEST_CASE("every frame of a gap has one cause", "[sink][mjpeg]") {
  const Skips skips = explain(19, 1000, 100, 900);  // 20 fps for one who wants 10, nothing for a second
  CHECK(skips.slow == 9);
  CHECK(skips.not_due == 10);
  CHECK(skips.all() == 19);
  CHECK(explain(3, 10'000, 33, 0).all() == 3);  // a source that paused left nothing out
  CHECK(explain(0, 0, 33, 50).all() == 0);
  CHECK(explain(5, 5, 0, 5).all() == 5);
}
