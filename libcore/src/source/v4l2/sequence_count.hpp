// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo::source {

/// A driver's frame count, made one of 64 bits that only goes up, with what is missing in it.
class SequenceCount {
 public:
  /// Takes the count of the next frame and gives its number: 1, 2, 3, ... with gaps for frames that were
  /// lost. A driver whose count stands still, jumps or starts over is not believed: the next number then.
  std::uint64_t take(std::uint32_t sequence) noexcept {
    const std::uint32_t step = sequence - last_;  // right across the wrap of 32 bits
    const bool is_believable = number_ > 0 && step > 0 && step <= kStepMax;
    last_ = sequence;
    number_ += is_believable ? step : 1;
    lost_ += is_believable ? step - 1 : 0;
    return number_;
  }
  std::uint64_t lost() const noexcept { return lost_; }

 private:
  /// An hour at 30 frames a second: longer than any stall that a stream lives through.
  static constexpr std::uint32_t kStepMax = 108'000;
  std::uint32_t last_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace shmvideo::source
