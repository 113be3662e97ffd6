// SPDX-License-Identifier: Apache-2.0
#include "source/libav/pacing.hpp"

#include <algorithm>
#include <utility>

namespace shmvideo::source::media {
namespace {

/// Whoever is further behind than this does not catch up any more.
constexpr std::int64_t kCatchUpNs = 1'000'000'000;

}  // namespace

bool Pacing::next(std::int64_t media_ns) noexcept {
  media_ns_ = media_ns;
  if (rule_ == PaceRule::none) return false;
  const std::int64_t now_ns = clock_.now_ns();
  if (!std::exchange(is_started_, true)) start_ns_ = now_ns - media_ns;
  const std::int64_t late_ns = now_ns - (start_ns_ + media_ns_);
  const std::int64_t tolerated_ns = rule_ == PaceRule::play ? kCatchUpNs : interval_ns_;
  if (late_ns > tolerated_ns) {
    start_ns_ += late_ns;
    return false;
  }
  return rule_ == PaceRule::play && late_ns > interval_ns_;
}

Pacing::Sleep Pacing::sleep(std::int64_t deadline_ns) noexcept {
  // Nothing to sleep for, but an interruption must be noticed all the same.
  const std::int64_t due_ns = rule_ == PaceRule::none ? 0 : start_ns_ + media_ns_;
  if (!clock_.sleep_until_ns(std::min(due_ns, deadline_ns))) return Sleep::interrupted;
  return due_ns <= deadline_ns ? Sleep::due : Sleep::again;
}

std::int64_t Pacing::due_ns() noexcept {
  return rule_ == PaceRule::none ? clock_.now_ns() : start_ns_ + media_ns_;
}

}  // namespace shmvideo::source::media
