// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo::sink {

/// The unit of a container's time stamps: numerator / denominator seconds, both from 1 to a million.
struct Tick {
  std::uint32_t numerator = 1;
  std::uint32_t denominator = 1000;
  bool operator==(const Tick&) const = default;
};

/// Time stamps in ticks from the moments at which frames were captured: the first is 0, each is later
/// than the one before. Two frames within one tick are moved apart by as little as that takes.
class Timeline {
 public:
  /// `longest_gap` is what the container can leave out between two frames, in ticks; a longer time
  /// without frames is shortened to it.
  explicit Timeline(Tick tick = {}, std::int64_t longest_gap = INT64_MAX) noexcept
      : tick_(tick), longest_gap_(longest_gap) {}

  /// The next frame's. Any number is safe; one that lies before its predecessor's counts as equal.
  std::int64_t next(std::uint64_t captured_ns) noexcept;
  /// A length of time in ticks, to the nearest.
  std::int64_t ticks(std::uint64_t length_ns) const noexcept;
  Tick tick() const noexcept { return tick_; }

 private:
  Tick tick_;
  std::int64_t longest_gap_;
  std::uint64_t first_ns_ = 0;
  std::int64_t shortened_ = 0;  // by gaps that were too long
  std::int64_t last_ = -1;
};

/// What is believed of a capture time that another process wrote, when it is `now_ns`: nothing later
/// than now, and nothing older than ten minutes.
std::uint64_t credible_time(std::uint64_t captured_ns, std::uint64_t now_ns) noexcept;

}  // namespace shmvideo::sink
