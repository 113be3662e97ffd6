// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

namespace shmvideo::capture {

/// By what a session is known to be alive. A plain value.
struct Pulse {
  using Clock = std::chrono::steady_clock;

  std::optional<Clock::time_point> frame{};      ///< when the newest was published
  std::optional<Clock::time_point> opened{};     ///< when the source was opened last
  std::optional<Clock::time_point> attempted{};  ///< when opening it began last
  bool is_waiting = false;                       ///< for a source that is away, or has not been there yet
  std::chrono::nanoseconds frame_time{0};        ///< between frames, as the source says; 0: unknown
  /// From the beginning of one attempt to that of the next, at most; 0: that may take for ever.
  std::chrono::nanoseconds attempt_time{0};
};

/// Whether somebody who waits for frames has a reason to go on waiting: one was published within half of
/// `patience`, or three frame times where those are longer; or, where the source is away, attempts to open
/// it go on.
bool is_alive(const Pulse& pulse, Pulse::Clock::time_point now, std::chrono::nanoseconds patience) noexcept;

}  // namespace shmvideo::capture
