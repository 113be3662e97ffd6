// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/adaptation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace shmvideo::sink {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
/// One judgement at a time: a single late picture says nothing, and a change takes a moment to show.
constexpr std::uint64_t kWindow = kSecond;
/// Streams of one picture a second need longer for as many as a judgement takes.
constexpr std::uint64_t kLongestWindow = 4 * kSecond;
constexpr unsigned kEnoughPictures = 4;
constexpr std::uint64_t kFirstPatience = 4 * kSecond;
constexpr std::uint64_t kLongestPatience = 64 * kSecond;
/// A step down within this time after a trial means that it failed.
constexpr std::uint64_t kTrial = 30 * kSecond;
/// Shares of the pictures that were due.
constexpr double kMissedTooMany = 0.10;
constexpr double kMissedMost = 0.5;
constexpr double kMissedFew = 0.02;

constexpr std::array kRates{3.0 / 4, 1.0 / 2, 1.0 / 3};
constexpr int kSlowestFps = 5;  // below it a stream is worse to watch than a coarse picture
constexpr std::array kQualities{70, 50, 35};
constexpr std::array kEighths{6, 4, 3, 2};

}  // namespace

void Adaptation::set_wish(int fps, int quality) {
  steps_.assign(1, {fps, quality, 8});
  const auto add = [this](const StreamStep& step) {
    if (step != steps_.back()) steps_.push_back(step);
  };
  for (const double share : kRates) {
    const int slower = std::max(static_cast<int>(std::lround(fps * share)), std::min(fps, kSlowestFps));
    add({slower, quality, 8});
  }
  const int slowest = steps_.back().fps;
  for (const int coarser : kQualities) add({slowest, std::min(coarser, steps_.back().quality), 8});
  for (const int eighths : kEighths) add({slowest, steps_.back().quality, eighths});
  level_ = std::min(level_, deepest());
}

bool Adaptation::observe(std::uint64_t now_ns, unsigned sent, unsigned missed) {
  if (window_ns_ == 0) {
    window_ns_ = good_since_ns_ = now_ns;
    patience_ns_ = kFirstPatience;
  }
  sent_ += sent;
  missed_ += missed;
  const std::uint64_t elapsed_ns = now_ns - window_ns_;
  const unsigned due = sent_ + missed_;
  if (elapsed_ns < kWindow || (due < kEnoughPictures && elapsed_ns < kLongestWindow)) return false;
  const double share = due > 0 ? static_cast<double>(missed_) / due : 0.0;
  window_ns_ = now_ns;
  sent_ = missed_ = 0;

  const int before = level_;
  if (std::exchange(is_settling_, false)) {
    if (share > kMissedFew) good_since_ns_ = now_ns;
  } else if (share > kMissedTooMany) {
    step_down(now_ns, share);
  } else if (share > kMissedFew) {
    good_since_ns_ = now_ns;
  } else if (level_ > 0 && now_ns - good_since_ns_ >= patience_ns_) {
    // The trial before this one has held.
    if (raised_ns_ != 0) patience_ns_ = std::max(patience_ns_ / 2, kFirstPatience);
    --level_;
    raised_ns_ = good_since_ns_ = now_ns;
  }
  is_settling_ = level_ != before;
  return is_settling_;
}

void Adaptation::step_down(std::uint64_t now_ns, double missed_share) noexcept {
  const bool has_trial_failed = raised_ns_ != 0 && now_ns - raised_ns_ <= std::max(kTrial, patience_ns_);
  if (has_trial_failed) patience_ns_ = std::min(patience_ns_ * 2, kLongestPatience);
  // After a trial the level to go back to is known.
  level_ = std::min(level_ + (missed_share > kMissedMost && !has_trial_failed ? 2 : 1), deepest());
  raised_ns_ = 0;
  good_since_ns_ = now_ns;
}

void Adaptation::reset() noexcept {
  level_ = 0;
  window_ns_ = raised_ns_ = 0;
  sent_ = missed_ = 0;
  is_settling_ = false;
}

const StreamStep& Adaptation::step(int more) const noexcept {
  return steps_[static_cast<std::size_t>(std::clamp(level_ + more, 0, deepest()))];
}

}  // namespace shmvideo::sink
