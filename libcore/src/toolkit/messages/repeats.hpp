// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace shmvideo::toolkit {

enum class LogLevel { error, warn, info, debug };

/// Folds messages that come again: whoever tries something every few seconds for an hour says the same two
/// or three sentences all the time. The last few different messages are remembered; one of them that comes
/// again is counted, and the count told when a new message comes, or when it has not been told for ten
/// seconds, later for up to a minute. Not thread-safe.
class Repeats {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// What to write: `count` 1 is the message itself, more is how often it came since it was last told.
  using Tell = std::function<void(LogLevel level, const std::string& message, unsigned count)>;

  void add(LogLevel level, std::string message, Time now, const Tell& tell);
  /// Counts that have waited for long enough. For whoever has time now and then: without it they wait for
  /// the next message.
  void tell_overdue(Time now, const Tell& tell);
  void tell_all(Time now, const Tell& tell);

 private:
  struct Known {
    LogLevel level;
    std::string message;
    Time told;    ///< when it, or its count, was written
    Time latest;  ///< when it came last
    std::chrono::nanoseconds patience;
    unsigned count = 0;  ///< not told yet
    unsigned turns = 0;  ///< how often it came again after others
  };
  static void tell_count(Known& known, Time now, const Tell& tell);

  std::vector<Known> known_;  // the one that came last is the last
};

}  // namespace shmvideo::toolkit
