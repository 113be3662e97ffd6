// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo::sink {

/// Chooses the frames of one viewer so that it gets `fps` of them per second and no more.
///
/// Due times lie on a grid of their own and do not move with the frames, so nothing drifts, and a source
/// of the same rate with some jitter is passed on whole and at once. A frame counts for a due time from a
/// quarter of an interval before it. All times are nanoseconds of one monotonic clock, given by the caller.
class Pacer {
 public:
  explicit Pacer(int fps) noexcept;

  /// Is the newest frame, captured at `frame_ns`, to be sent at `now_ns`? Yes if it is the one that its
  /// due time waits for, or if that time is so far past that nothing fresher came for it.
  bool accepts(std::uint64_t frame_ns, std::uint64_t now_ns) const noexcept;
  /// When accepts() will say yes to a frame that it now refuses, even if no other comes.
  std::uint64_t accepts_any_at() const noexcept { return due_ns_ + slack_ns_; }
  void sent(std::uint64_t frame_ns) noexcept;

 private:
  std::uint64_t interval_ns_;
  std::uint64_t slack_ns_;
  std::uint64_t due_ns_ = 0;
  std::uint64_t sent_ns_ = 0;  // the last frame's
};

}  // namespace shmvideo::sink
