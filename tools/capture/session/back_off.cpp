// SPDX-License-Identifier: Apache-2.0
#include "session/back_off.hpp"

#include <algorithm>

namespace shmvideo::capture {

std::optional<std::chrono::nanoseconds> BackOff::next() noexcept {
  if (attempts_max_ && attempts_ >= *attempts_max_) return std::nullopt;
  pause_ = attempts_ == 0 ? pauses_.first : std::min(pause_ * 2, pauses_.longest);
  ++attempts_;
  return pause_;
}

}  // namespace shmvideo::capture
