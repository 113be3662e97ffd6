// SPDX-License-Identifier: Apache-2.0
#include "source/libav/timeline.hpp"

#include <utility>

namespace shmvideo::source::media {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
/// A gap between time stamps beyond this is no pause that anybody wants to sit through.
constexpr std::int64_t kGapMaxNs = 10 * kSecondNs;
/// A step back by less is a stamp that is a little off.
constexpr std::int64_t kJitterMaxNs = kSecondNs;
/// Enough to count from 1900, as NTP does, and the difference of two still fits into 64 bits: a damaged file
/// may say anything.
constexpr std::int64_t kStampMaxNs = 4'400'000'000 * kSecondNs;

bool is_believable(std::int64_t stamp_ns) { return -kStampMaxNs <= stamp_ns && stamp_ns <= kStampMaxNs; }

}  // namespace

std::int64_t Timeline::advance(std::optional<std::int64_t> stamp_ns, bool is_first_of_pass) noexcept {
  const std::uint64_t index = index_++;
  is_discontinuous_ = is_first_of_pass && index > 0;
  if (is_fixed_rate_) return time_ns_ = time_of_frame_ns(rate_, index);
  const std::int64_t expected_ns = index == 0 ? 0 : time_ns_ + interval_ns();
  if (!stamp_ns || !is_believable(*stamp_ns)) return time_ns_ = expected_ns;
  if (!offset_ns_ || is_first_of_pass) {
    offset_ns_ = expected_ns - *stamp_ns;
    return time_ns_ = expected_ns;
  }
  const std::int64_t step_ns = *stamp_ns + *offset_ns_ - time_ns_;
  if (step_ns > kGapMaxNs || step_ns < -kJitterMaxNs) {
    is_discontinuous_ = true;
    offset_ns_ = expected_ns - *stamp_ns;
    return time_ns_ = expected_ns;
  }
  return time_ns_ += step_ns > 0 ? step_ns : 1;
}

}  // namespace shmvideo::source::media
