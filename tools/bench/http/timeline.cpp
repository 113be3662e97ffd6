// SPDX-License-Identifier: Apache-2.0
#include "http/timeline.hpp"

#include <algorithm>

namespace shmvideo::bench::http {
namespace {

double average(double a, double weight_a, double b, double weight_b) {
  const double weight = weight_a + weight_b;
  return weight > 0 ? (a * weight_a + b * weight_b) / weight : 0;
}

GroupMoment merged(const GroupMoment& a, double seconds_a, const GroupMoment& b, double seconds_b) {
  const auto count_a = static_cast<double>(a.latencies);
  const auto count_b = static_cast<double>(b.latencies);
  const double median =
      average(static_cast<double>(a.p50_ns), count_a, static_cast<double>(b.p50_ns), count_b);
  return {.fps_mean = average(a.fps_mean, seconds_a, b.fps_mean, seconds_b),
          .fps_min = std::min(a.fps_min, b.fps_min),
          .fps_max = std::max(a.fps_max, b.fps_max),
          .bytes = a.bytes + b.bytes,
          .latencies = a.latencies + b.latencies,
          .p50_ns = static_cast<std::uint64_t>(median),
          .p90_ns = std::max(a.p90_ns, b.p90_ns),
          .p99_ns = std::max(a.p99_ns, b.p99_ns),
          .max_ns = std::max(a.max_ns, b.max_ns)};
}

}  // namespace

Moment merged(const Moment& a, const Moment& b) {
  return {.begin_s = std::min(a.begin_s, b.begin_s),
          .seconds = a.seconds + b.seconds,
          .fast = merged(a.fast, a.seconds, b.fast, b.seconds),
          .slow = merged(a.slow, a.seconds, b.slow, b.seconds),
          .errors = a.errors + b.errors,
          .cpu_percent = average(a.cpu_percent, a.seconds, b.cpu_percent, b.seconds)};
}

void Timeline::add(const Moment& moment) {
  pending_ = pending_ ? merged(*pending_, moment) : moment;
  if (++gathered_ < stride_) return;
  moments_.push_back(*pending_);
  pending_.reset();
  gathered_ = 0;
  if (moments_.size() < kMomentsMax) return;
  for (std::size_t i = 0; i < kMomentsMax / 2; ++i)
    moments_[i] = merged(moments_[2 * i], moments_[2 * i + 1]);
  moments_.resize(kMomentsMax / 2);
  stride_ *= 2;
}

std::vector<Moment> Timeline::moments() const {
  std::vector<Moment> all = moments_;
  if (pending_) all.push_back(*pending_);
  return all;
}

}  // namespace shmvideo::bench::http
