// SPDX-License-Identifier: Apache-2.0
// When a capture is alive, as its supervisor sees it.
#include "session/pulse.hpp"

#include "support/catch.hpp"

using namespace std::chrono_literals;
using shmvideo::capture::is_alive;
using shmvideo::capture::Pulse;

namespace {

const Pulse::Clock::time_point kStart = Pulse::Clock::time_point() + 1h;

}  // namespace

TEST_CASE("a capture is alive for half of its supervisor's patience after a frame") {
  const Pulse pulse{.frame = kStart, .opened = kStart - 1h};
  CHECK(is_alive(pulse, kStart + 15s, 30s));
  CHECK_FALSE(is_alive(pulse, kStart + 16s, 30s));
}

TEST_CASE("a camera of few frames has time for three of them") {
  const Pulse pulse{.frame = kStart, .frame_time = 60s};
  CHECK(is_alive(pulse, kStart + 180s, 30s));
  CHECK_FALSE(is_alive(pulse, kStart + 181s, 30s));
}

TEST_CASE("a source that was opened has as much time for its first frame") {
  const Pulse pulse{.frame = kStart - 1h, .opened = kStart};
  CHECK(is_alive(pulse, kStart + 15s, 30s));
  CHECK_FALSE(is_alive(pulse, kStart + 16s, 30s));
  CHECK_FALSE(is_alive(Pulse{}, kStart, 30s));
}

TEST_CASE("a capture that waits for its source is alive while attempts go on") {
  const Pulse pulse{.attempted = kStart, .is_waiting = true, .attempt_time = 55s};
  CHECK(is_alive(pulse, kStart + 55s, 2s));
  CHECK_FALSE(is_alive(pulse, kStart + 56s, 2s));
  CHECK(
      is_alive(Pulse{.attempted = kStart, .is_waiting = true}, kStart + 1000h, 2s));  // one may take for ever
}
