// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "source/pacer.hpp"

namespace shmvideo::source::media {

enum class PaceRule {
  none,        ///< As it comes.
  not_before,  ///< Not before its time; who comes late shifts the time of all that follow.
  play,        ///< At its time: what is late is left out, until it is too late for that.
};

/// Holds frames to the clock. One thread at a time; `clock` may be interrupted from others.
class Pacing {
 public:
  Pacing(PaceRule rule, std::int64_t interval_ns, PaceClock& clock) noexcept
      : rule_(rule), interval_ns_(interval_ns), clock_(clock) {}

  /// A frame that is due at this media time, 0 for the first, stands next. True if it would only delay the
  /// one after it, which is due already, so that it is better left out. Who is more than a second behind
  /// does not catch up any more: the time goes on from there.
  bool next(std::int64_t media_ns) noexcept;

  enum class Sleep { due, again, interrupted };
  /// Sleeps until the frame is due, or `deadline_ns` comes first.
  Sleep sleep(std::int64_t deadline_ns) noexcept;
  /// When the frame was due on the clock; with PaceRule::none, now.
  std::int64_t due_ns() noexcept;

 private:
  PaceRule rule_;
  std::int64_t interval_ns_;
  PaceClock& clock_;
  bool is_started_ = false;
  std::int64_t start_ns_ = 0;
  std::int64_t media_ns_ = 0;
};

}  // namespace shmvideo::source::media
