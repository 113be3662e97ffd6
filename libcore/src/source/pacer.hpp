// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace shmvideo::source {

/// Frames per second as a fraction, so that 30000/1001 stays what it is.
struct FrameRate {
  std::uint32_t numerator = 30;
  std::uint32_t denominator = 1;
  bool operator==(const FrameRate&) const = default;
};

/// The fraction that a measured or stored rate means: whole numbers, n * 1000/1001, else to a
/// thousandth. Numerator 0 for what is no rate.
FrameRate rate_from_double(double per_second) noexcept;

/// The time from frame 0 to frame `n` in nanoseconds: computed afresh for each, nothing adds up.
/// `n` below 2^40, and 292 years at most.
std::int64_t time_of_frame_ns(FrameRate rate, std::uint64_t n) noexcept;
/// The newest frame whose time has come `elapsed_ns` after frame 0.
std::uint64_t frame_at_ns(FrameRate rate, std::int64_t elapsed_ns) noexcept;

/// The time and the waiting for it, so that tests can do without waiting.
class PaceClock {
 public:
  virtual ~PaceClock() = default;
  virtual std::int64_t now_ns() noexcept = 0;  ///< CLOCK_MONOTONIC
  /// False if it was interrupted; then at once ever after.
  virtual bool sleep_until_ns(std::int64_t time_ns) noexcept = 0;
  virtual void interrupt() noexcept = 0;  ///< from any thread
};

class SteadyPaceClock final : public PaceClock {
 public:
  std::int64_t now_ns() noexcept override;
  bool sleep_until_ns(std::int64_t time_ns) noexcept override;
  void interrupt() noexcept override;

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_interrupted_ = false;
};

/// Turns with a constant rate: each is due at start + n / rate, whatever became of those before.
/// Whoever comes late gets the newest turn that is due and learns how many were skipped: there are no
/// bursts, and no drift. The first turn is due when it is first asked for. One thread at a time.
class Pacer {
 public:
  Pacer(FrameRate rate, PaceClock& clock) noexcept : rate_(rate), clock_(clock) {}

  struct Turn {
    std::uint64_t index = 0;    ///< 0, 1, 2, ... with gaps for what was skipped
    std::uint64_t skipped = 0;  ///< turns left out before this one
    bool is_interrupted = false;
  };
  Turn next() noexcept;

 private:
  FrameRate rate_;
  PaceClock& clock_;
  std::int64_t start_ns_ = 0;
  std::uint64_t next_index_ = 0;
};

}  // namespace shmvideo::source
