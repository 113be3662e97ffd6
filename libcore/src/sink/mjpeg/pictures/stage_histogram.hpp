// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace shmvideo::sink {

/// How often something took how long. The bounds are powers of two of a quarter of a millisecond, up to two
/// seconds. Never allocates. One thread.
class StageHistogram {
 public:
  static constexpr std::size_t kBounds = 14;
  /// The longest time that a bucket counts.
  static constexpr std::uint64_t bound_ns(std::size_t bucket) noexcept { return 250'000ULL << bucket; }

  void add(std::uint64_t ns) noexcept {
    std::size_t bucket = 0;
    while (bucket < kBounds && ns > bound_ns(bucket)) ++bucket;
    ++counts_[bucket];
    ++count_;
    sum_ns_ += ns;
  }
  std::uint64_t count() const noexcept { return count_; }
  std::uint64_t sum_ns() const noexcept { return sum_ns_; }
  /// How many were within a bucket's bound and beyond that of the one before; kBounds: beyond all.
  std::uint64_t in_bucket(std::size_t bucket) const noexcept { return counts_[bucket]; }

 private:
  std::array<std::uint64_t, kBounds + 1> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ns_ = 0;
};

/// Where the time of a segment's pictures goes. The loop's thread only. Stills are in none of these: their
/// times say nothing about the server.
struct StageTimes {
  StageHistogram capture_to_encode;  ///< from the frame's capture to when its
                                     ///< encoding began, once for each picture
  StageHistogram encode;             ///< the encoding itself, scaling and converting included
  StageHistogram capture_to_sent;    ///< from capture to when a stream's write was
                                     ///< through, once for each part
};

}  // namespace shmvideo::sink
