// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/pacer.hpp"

#include <algorithm>

namespace shmvideo::sink {

Pacer::Pacer(int fps) noexcept
    : interval_ns_(1'000'000'000u / static_cast<std::uint64_t>(std::max(fps, 1))),
      slack_ns_(interval_ns_ / 4) {}

bool Pacer::accepts(std::uint64_t frame_ns, std::uint64_t now_ns) const noexcept {
  return frame_ns + slack_ns_ >= due_ns_ || now_ns >= accepts_any_at();
}

void Pacer::sent(std::uint64_t frame_ns) noexcept {
  const bool is_early = frame_ns + slack_ns_ < due_ns_;
  const bool is_apart = frame_ns >= sent_ns_ + interval_ns_ - interval_ns_ / 128;
  sent_ns_ = frame_ns;
  if (due_ns_ == 0 || (is_early && is_apart)) {
    // The first; or the grid began with a frame that was late, so that each would wait for a time that no
    // fresher one comes for. As they are an interval apart anyway, the grid may be theirs.
    due_ns_ = frame_ns + interval_ns_;
  } else if (frame_ns >= due_ns_ + interval_ns_) {
    // The grid lags a whole interval behind (a pause; a source slower than the viewer asked for). It is
    // put anew, in the middle between frames: what was missed is not caught up, and jitter does no harm.
    due_ns_ = frame_ns + interval_ns_ / 2;
  } else {
    due_ns_ += interval_ns_;
  }
}

}  // namespace shmvideo::sink
