// SPDX-License-Identifier: Apache-2.0
#include "session/pulse.hpp"

#include <algorithm>

namespace shmvideo::capture {

bool is_alive(const Pulse& pulse, Pulse::Clock::time_point now, std::chrono::nanoseconds patience) noexcept {
  constexpr int kFrameTimes = 3;
  if (pulse.is_waiting) {
    if (pulse.attempt_time.count() == 0) return true;
    return pulse.attempted && now - *pulse.attempted <= pulse.attempt_time;
  }
  // Before the first frame the time counts from when there could be one.
  const auto newest = std::max(pulse.frame, pulse.opened);  // nothing is less than anything
  return newest && now - *newest <= std::max(patience / 2, kFrameTimes * pulse.frame_time);
}

}  // namespace shmvideo::capture
