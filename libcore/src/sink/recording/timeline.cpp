// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/timeline.hpp"

#include <algorithm>

namespace shmvideo::sink {
namespace {

constexpr std::uint64_t kOldestNs = 600'000'000'000;

}  // namespace

std::int64_t Timeline::ticks(std::uint64_t length_ns) const noexcept {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  // Whole seconds apart from the rest, so that nothing overflows.
  const std::uint64_t unit = tick_.numerator;
  const std::uint64_t of_seconds = length_ns / kSecond * tick_.denominator;
  const std::uint64_t rest = of_seconds % unit * kSecond + length_ns % kSecond * tick_.denominator;
  return static_cast<std::int64_t>(of_seconds / unit + (rest + kSecond * unit / 2) / (kSecond * unit));
}

std::int64_t Timeline::next(std::uint64_t captured_ns) noexcept {
  if (last_ < 0) {
    first_ns_ = captured_ns;
    return last_ = 0;
  }
  const std::int64_t true_time = captured_ns > first_ns_ ? ticks(captured_ns - first_ns_) : 0;
  if (true_time - shortened_ - last_ > longest_gap_) shortened_ = true_time - last_ - longest_gap_;
  last_ = std::max(true_time - shortened_, last_ + 1);
  return last_;
}

std::uint64_t credible_time(std::uint64_t captured_ns, std::uint64_t now_ns) noexcept {
  return std::clamp(captured_ns, now_ns - std::min(now_ns, kOldestNs), now_ns);
}

}  // namespace shmvideo::sink
