// SPDX-License-Identifier: Apache-2.0
#include "source/pacer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace shmvideo::source {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr double kRateMax = 100'000;

}  // namespace

FrameRate rate_from_double(double per_second) noexcept {
  if (!(per_second > 0) || per_second > kRateMax) return {0, 1};
  const auto is_near = [](double a, double b) { return std::abs(a - b) < 0.0005 * b / 30; };
  const double whole = std::round(per_second);
  if (whole >= 1 && is_near(per_second, whole)) return {static_cast<std::uint32_t>(whole), 1};
  const double ntsc = std::round(per_second * 1.001);
  if (ntsc >= 1 && is_near(per_second, ntsc / 1.001)) return {static_cast<std::uint32_t>(ntsc) * 1000, 1001};
  return {static_cast<std::uint32_t>(std::round(per_second * 1000)), 1000};
}

std::int64_t time_of_frame_ns(FrameRate rate, std::uint64_t n) noexcept {
  // Whole seconds and the rest of one apart, so that nothing overflows: the rest is below 2^32.
  const std::uint64_t ticks = n * rate.denominator;
  const std::uint64_t rest = ticks % rate.numerator;
  return static_cast<std::int64_t>(ticks / rate.numerator) * kSecondNs +
         static_cast<std::int64_t>(rest * kSecondNs / rate.numerator);
}

std::uint64_t frame_at_ns(FrameRate rate, std::int64_t elapsed_ns) noexcept {
  if (elapsed_ns <= 0) return 0;
  // An estimate that is at most one off, put right by the exact times.
  auto n = static_cast<std::uint64_t>(static_cast<long double>(elapsed_ns) * rate.numerator /
                                      (static_cast<long double>(kSecondNs) * rate.denominator));
  while (n > 0 && time_of_frame_ns(rate, n) > elapsed_ns) --n;
  while (time_of_frame_ns(rate, n + 1) <= elapsed_ns) ++n;
  return n;
}

std::int64_t SteadyPaceClock::now_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool SteadyPaceClock::sleep_until_ns(std::int64_t time_ns) noexcept {
  const std::chrono::steady_clock::time_point until{std::chrono::nanoseconds(time_ns)};
  std::unique_lock lock(mutex_);
  wake_.wait_until(lock, until, [this] { return is_interrupted_; });
  return !is_interrupted_;
}

void SteadyPaceClock::interrupt() noexcept {
  const std::lock_guard lock(mutex_);
  is_interrupted_ = true;
  wake_.notify_all();
}

Pacer::Turn Pacer::next() noexcept {
  if (next_index_ == 0) start_ns_ = clock_.now_ns();
  Turn turn{next_index_, 0, false};
  const std::int64_t elapsed_ns = clock_.now_ns() - start_ns_;
  if (elapsed_ns < time_of_frame_ns(rate_, turn.index)) {
    turn.is_interrupted = !clock_.sleep_until_ns(start_ns_ + time_of_frame_ns(rate_, turn.index));
  } else {
    turn.index = std::max(turn.index, frame_at_ns(rate_, elapsed_ns));
    turn.skipped = turn.index - next_index_;
    // Nothing to sleep for, but an interruption must be noticed all the same.
    turn.is_interrupted = !clock_.sleep_until_ns(start_ns_);
  }
  next_index_ = turn.index + 1;
  return turn;
}

}  // namespace shmvideo::source
