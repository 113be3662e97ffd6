// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "source/pacer.hpp"

namespace shmvideo::source::media {

/// Makes one time that only goes forward out of the time stamps of a medium: over jumps, gaps, missing
/// stamps, and from the end to the beginning when it starts over. No clock in it; one thread at a time.
class Timeline {
 public:
  /// `rate` (numerator above 0) is how far frames without a stamp are apart, or, if `is_fixed_rate`, all.
  Timeline(FrameRate rate, bool is_fixed_rate) noexcept : rate_(rate), is_fixed_rate_(is_fixed_rate) {}

  /// Goes to the next frame, whose stamp is that many nanoseconds, if it has one. Gives when it is due,
  /// from the first frame on.
  std::int64_t advance(std::optional<std::int64_t> stamp_ns, bool is_first_of_pass) noexcept;
  /// True if between the frame before and this one something was cut.
  bool is_discontinuous() const noexcept { return is_discontinuous_; }
  std::int64_t interval_ns() const noexcept { return time_of_frame_ns(rate_, 1); }

 private:
  FrameRate rate_;
  bool is_fixed_rate_;
  bool is_discontinuous_ = false;
  std::uint64_t index_ = 0;
  std::int64_t time_ns_ = 0;
  std::optional<std::int64_t> offset_ns_;  // from stamps to this time; none before the first stamp
};

}  // namespace shmvideo::source::media
