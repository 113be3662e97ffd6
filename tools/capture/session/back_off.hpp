// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace shmvideo::capture {

/// The pauses before attempts at something that keeps failing: each twice as long as the one before, up
/// to a longest. A plain value.
class BackOff {
 public:
  struct Pauses {
    std::chrono::nanoseconds first = std::chrono::milliseconds(250);
    std::chrono::nanoseconds longest = std::chrono::seconds(5);
  };

  /// `attempts_max` unset: no end of attempts; 0: none at all.
  explicit BackOff(const Pauses& pauses, std::optional<std::uint32_t> attempts_max = {}) noexcept
      : pauses_(pauses), attempts_max_(attempts_max) {}

  /// How long to wait before the next attempt, which this counts; nothing when there were enough.
  std::optional<std::chrono::nanoseconds> next() noexcept;
  /// An attempt has succeeded: the next one is the first again.
  void reset() noexcept { attempts_ = 0; }
  std::uint32_t attempts() const noexcept { return attempts_; }

 private:
  Pauses pauses_;
  std::optional<std::uint32_t> attempts_max_;
  std::chrono::nanoseconds pause_{};
  std::uint32_t attempts_ = 0;
};

}  // namespace shmvideo::capture
