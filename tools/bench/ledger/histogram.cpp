// SPDX-License-Identifier: Apache-2.0
#include "ledger/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace shmvideo::bench {
namespace {

/// Durations are counted in units of 32 ns: what is shorter is the clock's own noise.
constexpr unsigned kUnitBits = 5;
/// 32 steps to each power of two.
constexpr unsigned kStepBits = 5;
constexpr std::uint64_t kSteps = std::uint64_t{1} << kStepBits;

}  // namespace

std::size_t Histogram::bucket_of(std::uint64_t duration_ns) noexcept {
  const std::uint64_t units = duration_ns >> kUnitBits;
  if (units < kSteps) return units;
  const unsigned shift = static_cast<unsigned>(std::bit_width(units)) - (kStepBits + 1);
  // What is left of the units, kSteps to 2 * kSteps - 1, is the step; each power of two has kSteps of them.
  return std::min<std::size_t>(shift * kSteps + (units >> shift), kBuckets - 1);
}

std::uint64_t Histogram::upper_ns(std::size_t bucket) noexcept {
  if (bucket < kSteps) return ((bucket + 1) << kUnitBits) - 1;
  const std::uint64_t shift = bucket / kSteps - 1;
  const std::uint64_t step = bucket % kSteps + kSteps;
  return ((step + 1) << (shift + kUnitBits)) - 1;
}

void Histogram::record(std::uint64_t duration_ns) noexcept {
  add(bucket_of(duration_ns), 1);
  note_max(duration_ns);
}

void Histogram::add(std::size_t bucket, std::uint64_t times) noexcept {
  buckets_[std::min(bucket, kBuckets - 1)] += times;
  count_ += times;
}

void Histogram::note_max(std::uint64_t duration_ns) noexcept { max_ns_ = std::max(max_ns_, duration_ns); }

void Histogram::merge(const Histogram& other) noexcept {
  for (std::size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  note_max(other.max_ns_);
}

std::uint64_t Histogram::percentile_ns(double percent) const noexcept {
  if (count_ == 0) return 0;
  const auto rank = static_cast<std::uint64_t>(std::ceil(percent / 100 * static_cast<double>(count_)));
  const std::uint64_t wanted = std::clamp<std::uint64_t>(rank, 1, count_);
  std::uint64_t passed = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    passed += buckets_[i];
    // The last bucket has no upper end, and no percentile is above the maximum.
    if (passed >= wanted) return i + 1 == kBuckets ? max_ns_ : std::min(upper_ns(i), max_ns_);
  }
  return max_ns_;
}

std::uint64_t Histogram::count_above_ns(std::uint64_t duration_ns) const noexcept {
  std::uint64_t above = 0;
  for (std::size_t i = bucket_of(duration_ns) + 1; i < kBuckets; ++i) above += buckets_[i];
  return above;
}

}  // namespace shmvideo::bench
