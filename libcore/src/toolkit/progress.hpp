// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

#include "toolkit/log.hpp"
#include "toolkit/progress_text.hpp"
#include "toolkit/signals.hpp"

namespace shmvideo::toolkit {

/// Tells how something goes that lasts: on a terminal by a line that is drawn anew twice a second, else, and
/// into a log file, by a message now and then; not at all where messages are not wanted. While something is
/// only waited for, the messages come ever more seldom.
/// One thread at a time; others may use the log meanwhile.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;
  using Report = std::function<ProgressReport()>;
  static constexpr std::chrono::nanoseconds kUsualInterval = std::chrono::seconds(10);

  /// `interval`: between messages.
  explicit Progress(Log& log, std::chrono::nanoseconds interval = kUsualInterval);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// How often show() has something to do.
  std::chrono::nanoseconds interval() const;
  /// Draws, or writes when it is time to.
  void show(ProgressReport report);
  /// Takes the line away, so that a result can stand in its place.
  void clear() { log_.set_status({}); }
  /// Waits until `stop` is set or it is `end`, and shows what `report` says meanwhile.
  void wait(const StopRequest& stop, Clock::time_point end, const Report& report);

 private:
  struct Sample {
    Clock::time_point time;
    std::uint64_t done;
  };
  std::optional<double> rate_of(std::uint64_t done, Clock::time_point now);
  bool is_message_due(bool is_waiting, Clock::time_point now);

  Log& log_;
  const std::chrono::nanoseconds message_interval_;
  std::chrono::nanoseconds patience_;  // until the next message
  Clock::time_point next_message_;
  bool was_waiting_ = false;
  std::deque<Sample> samples_;
};

}  // namespace shmvideo::toolkit
