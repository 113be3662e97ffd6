// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pacer.hpp"

#include <algorithm>

namespace shmvideo::sink {

Pacer::Pacer(int fps) noexcept
    : interval_ns_(1'000'000'000u / static_cast<std::uint64_t>(std::max(fps, 1))), slack_ns_(interval_ns_ / 4) {}

bool Pacer::accepts(std::uint64_t frame_ns, std::uint64_t now_ns) const noexcept {
  return frame_ns + slack_ns_ >= due_ns_ || now_ns >= accepts_any_at();
}

void Pacer::sent(std::uint64_t frame_ns) noexcept {
  // The grid goes on by whole intervals. It is only moved when it lags behind the frames (at the start,
  // after a pause, with a source slower than the viewer asked for): what was missed is not caught up.
  due_ns_ = std::max(due_ns_ + interval_ns_, frame_ns);
}

}  // namespace shmvideo::sink
