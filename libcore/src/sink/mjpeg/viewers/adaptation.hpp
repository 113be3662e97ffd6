// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace shmvideo::sink {

/// What a stream that gives way asks for.
struct StreamStep {
  int fps = 30;
  int quality = 85;
  int eighths = 8;  ///< of the width and the height that it would have else
  bool operator==(const StreamStep&) const = default;
};

/// Decides how far one stream gives way to a connection that is too slow for what was asked: first in rate,
/// then in quality, then in size, a step or two at a time; and when it has kept up for a while it tries the
/// step above again. A trial that fails makes the next one wait twice as long, so that a stream settles.
///
/// All streams step through the same few qualities and sizes: those who give way share pictures too.
/// Arithmetic only; times are nanoseconds of one monotonic clock.
class Adaptation {
 public:
  Adaptation(int fps, int quality) { set_wish(fps, quality); }
  /// What it would have at level 0. The level stays, as far as there are as many.
  void set_wish(int fps, int quality);

  /// What happened since the last call. `missed`: pictures that were due and not sent since the connection
  /// was not done with the one before. True when the level changed.
  bool observe(std::uint64_t now_ns, unsigned sent, unsigned missed);
  /// Back to level 0, without a trial.
  void reset() noexcept;

  /// How many steps below what was asked: 0 to deepest().
  int level() const noexcept { return level_; }
  int deepest() const noexcept { return static_cast<int>(steps_.size()) - 1; }
  /// The step in force when `more` steps have to be given up for another reason.
  const StreamStep& step(int more = 0) const noexcept;

 private:
  void step_down(std::uint64_t now_ns, double missed_share) noexcept;

  std::vector<StreamStep> steps_;  // the first is the wish
  int level_ = 0;
  unsigned sent_ = 0;  // since the window began
  unsigned missed_ = 0;
  bool is_settling_ = false;         // the window is of two levels: it is not judged
  std::uint64_t window_ns_ = 0;      // when it began; 0: not yet
  std::uint64_t good_since_ns_ = 0;  // nothing to complain about since
  std::uint64_t raised_ns_ = 0;      // the last trial; 0: it failed, or there was none
  std::uint64_t patience_ns_ = 0;    // how long it has to be good before a trial
};

}  // namespace shmvideo::sink
