// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo::sink {

/// What a connection still holds of what was written to it, and how fast it gets rid of it: from that
/// follows whether a picture chosen now would come late.
///
/// Arithmetic only: the caller asks the kernel and the clock (nanoseconds, monotonic). One thread.
class Backlog {
 public:
  void wrote(std::uint64_t bytes) noexcept { written_ += bytes; }
  /// At `now_ns`, `queued` of the bytes written had not been acknowledged by the other side.
  void sample(std::uint64_t now_ns, std::uint64_t queued) noexcept;

  /// As of the last sample.
  std::uint64_t queued() const noexcept { return queued_; }
  /// Bytes per second. While the connection had time to spare, no more than what was asked of it. 0: unknown.
  double drain_rate() const noexcept { return drain_rate_; }
  /// How long what is queued will need, for all that is known. Bounded: a day stands for ever.
  std::uint64_t drain_ns() const noexcept;

  /// Whether what is queued will be gone within `delay_ns`, beyond the `round_trip_ns` that bytes take
  /// anyway: of what is queued, some is on the wire, and waiting for that would leave the wire idle.
  bool drains_within(std::uint64_t delay_ns, std::uint64_t round_trip_ns) const noexcept;
  /// When to look again whether it does: neither so late that the connection idles for long, nor so often
  /// that one who does not read at all keeps the server busy.
  std::uint64_t look_again_ns(std::uint64_t delay_ns, std::uint64_t round_trip_ns) const noexcept;

 private:
  std::uint64_t written_ = 0;
  std::uint64_t queued_ = 0;
  double drain_rate_ = 0;
  bool is_measured_ = false;
  // Where the measurement under way began.
  std::uint64_t began_ns_ = 0;
  std::uint64_t began_drained_ = 0;
  bool had_time_to_spare_ = true;  // since then: nothing was queued at some time
};

}  // namespace shmvideo::sink
