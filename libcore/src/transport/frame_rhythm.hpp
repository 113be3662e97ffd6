// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace shmvideo {

/// When the next frame can be expected, by the times of the last two. One thread.
class FrameRhythm {
 public:
  /// The frame that was taken last, and when it was published as its writer says: any number.
  void take(std::uint64_t number, std::uint64_t publish_ns) noexcept {
    const bool is_next = number == number_ + 1 && publish_ns > publish_ns_;
    interval_ns_ = is_next ? publish_ns - publish_ns_ : 0;
    number_ = number;
    publish_ns_ = publish_ns;
  }

  /// The time after which the next frame is late (monotonic clock); 0: unknown, or so far away that other
  /// news must not wait as long.
  std::uint64_t overdue_ns() const noexcept {
    return interval_ns_ == 0 || interval_ns_ > kLongestNs ? 0 : publish_ns_ + interval_ns_ + kSlackNs;
  }

 private:
  static constexpr std::uint64_t kLongestNs = 40'000'000;
  /// A camera's frames are not that even; and a timer that is not the processor's next costs less to give up.
  static constexpr std::uint64_t kSlackNs = 10'000'000;
  std::uint64_t number_ = 0;
  std::uint64_t publish_ns_ = 0;
  std::uint64_t interval_ns_ = 0;
};

}  // namespace shmvideo
