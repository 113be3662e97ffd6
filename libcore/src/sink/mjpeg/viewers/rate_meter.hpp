// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace shmvideo::sink {

/// Events (or bytes) per second over the last few seconds. Takes the time from its caller; costs no
/// allocation.
class RateMeter {
 public:
  explicit RateMeter(std::uint64_t now_ns) noexcept : first_second_(now_ns / kSecond), start_ns_(now_ns) {}

  void count(std::uint64_t now_ns, std::uint64_t events = 1) noexcept {
    Bucket& bucket = buckets_[now_ns / kSecond % buckets_.size()];
    if (bucket.second != now_ns / kSecond) bucket = {now_ns / kSecond, 0};
    bucket.events += events;
  }

  double per_second(std::uint64_t now_ns) const noexcept {
    const std::uint64_t second = now_ns / kSecond;
    const std::uint64_t oldest = second >= kWindow ? second - kWindow : 0;
    std::uint64_t events = 0;
    for (const Bucket& bucket : buckets_) {
      if (bucket.second >= oldest && bucket.second <= second) events += bucket.events;
    }
    // From the start of the oldest second that counts, or from the first moment if that is later.
    const std::uint64_t from = oldest > first_second_ ? oldest * kSecond : start_ns_;
    return now_ns > from ? static_cast<double>(events) * 1e9 / static_cast<double>(now_ns - from) : 0.0;
  }

 private:
  static constexpr std::uint64_t kSecond = 1'000'000'000;
  static constexpr std::uint64_t kWindow = 4;  // whole seconds before the current one
  struct Bucket {
    std::uint64_t second = 0;
    std::uint64_t events = 0;
  };
  std::array<Bucket, kWindow + 1> buckets_{};
  std::uint64_t first_second_;
  std::uint64_t start_ns_;
};

}  // namespace shmvideo::sink
