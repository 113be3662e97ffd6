// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace shmvideo::bench {

/// How often which duration was met: logarithmic with 32 linear steps to each power of two, so that a
/// percentile is at most 1/32 (or 32 ns) too high. Fixed memory, from 0 to 60 s and some; what is longer
/// counts as the longest, but the maximum is kept as it is. A value; not thread-safe.
class Histogram {
 public:
  static constexpr std::size_t kBuckets = 864;
  static std::size_t bucket_of(std::uint64_t duration_ns) noexcept;
  /// The longest duration that belongs to the bucket.
  static std::uint64_t upper_ns(std::size_t bucket) noexcept;

  void record(std::uint64_t duration_ns) noexcept;
  /// `times` durations of a bucket that was counted elsewhere.
  void add(std::size_t bucket, std::uint64_t times) noexcept;
  /// Something of this length was met, and counted already.
  void note_max(std::uint64_t duration_ns) noexcept;
  void merge(const Histogram& other) noexcept;

  std::uint64_t count() const noexcept { return count_; }
  std::uint64_t max_ns() const noexcept { return max_ns_; }
  /// The duration that `percent` of all did not exceed, by the nearest rank; 0 if there are none.
  std::uint64_t percentile_ns(double percent) const noexcept;
  /// How many were longer; those within 1/32 above it may count as not.
  std::uint64_t count_above_ns(std::uint64_t duration_ns) const noexcept;
  std::uint64_t count_in(std::size_t bucket) const noexcept { return buckets_[bucket]; }

 private:
  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ns_ = 0;
};

}  // namespace shmvideo::bench
