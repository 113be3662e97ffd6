// SPDX-License-Identifier: Apache-2.0
#include "http/page/axis.hpp"

#include <algorithm>
#include <cmath>

namespace shmvideo::bench::http {
namespace {

/// 1, 2 or 5 times a power of ten, at least `value`.
double round_up(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (value <= factor * power * (1 + 1e-9)) return factor * power;
  }
  return 10 * power;
}

double round_down(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double factor : {5.0, 2.0}) {
    if (value >= factor * power) return factor * power;
  }
  return power;
}

}  // namespace

Axis::Axis(Range values, bool is_log, bool is_rounded, double low_px, double high_px)
    : low_(values.low), high_(values.high), is_log_(is_log), low_px_(low_px), high_px_(high_px) {
  if (is_log && is_rounded) {
    low_ = round_down(low_);
    high_ = round_up(high_);
  } else if (is_rounded) {
    const double step = round_up(std::max(high_ - low_, 1e-9) / 5);
    low_ = std::floor(low_ / step) * step;
    high_ = std::ceil(high_ / step - 1e-9) * step;
  }
  if (high_ <= low_) high_ = is_log ? low_ * 10 : low_ + 1;
}

double Axis::at(double value) const {
  const double inside = std::clamp(value, low_, high_);
  const double share =
      is_log_ ? std::log(inside / low_) / std::log(high_ / low_) : (inside - low_) / (high_ - low_);
  return low_px_ + share * (high_px_ - low_px_);
}

std::vector<double> Axis::ticks(int count) const {
  std::vector<double> ticks;
  if (!is_log_) {
    const double step = round_up((high_ - low_) / count);
    for (double k = std::ceil(low_ / step - 1e-9); k * step <= high_ * (1 + 1e-9); ++k)
      ticks.push_back(k * step + 0.0);  // which makes 0 of -0
    return ticks;
  }
  // Powers of ten, and between them 2 and 5 where there is room.
  const bool has_room = std::log10(high_ / low_) * 3 <= count + 2;
  for (double power = std::pow(10, std::floor(std::log10(low_))); power <= high_; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * power;
      if ((factor == 1 || has_room) && tick >= low_ * (1 - 1e-9) && tick <= high_ * (1 + 1e-9))
        ticks.push_back(tick);
    }
  }
  return ticks;
}

}  // namespace shmvideo::bench::http
