// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

#include "toolkit/messages/log.hpp"
#include "toolkit/messages/progress_text.hpp"

namespace shmvideo::toolkit {

struct ToolContext;

/// Tells how something goes that lasts: on a terminal by a line that is drawn anew twice a second, else, and
/// into a log file, by a message now and then; not at all where messages are not wanted. While nothing
/// gets done, the messages come ever more seldom.
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
  /// Draws and writes when it is time to; else does nothing.
  void show(ProgressReport report);
  /// Takes the line away, so that a result can stand in its place.
  void clear() { log_.set_status({}); }
  /// Waits until it is `end`, or the tool is to stop, and shows what `report` says meanwhile.
  void wait(const ToolContext& context, Clock::time_point end, const Report& report);
  /// The same with another way of waiting for a while, which says whether there is a reason to stop.
  void wait(const std::function<bool(std::chrono::nanoseconds)>& pause, Clock::time_point end,
            const Report& report);

 private:
  struct Sample {
    Clock::time_point time;
    std::uint64_t done;
  };
  std::optional<double> rate_of(std::uint64_t done, Clock::time_point now);
  bool is_message_due(const ProgressReport& report, Clock::time_point now);

  Log& log_;
  const std::chrono::nanoseconds message_interval_;
  std::chrono::nanoseconds patience_;  // until the next message
  Clock::time_point next_message_;
  Clock::time_point drawn_;
  std::uint64_t told_done_ = 0;  // in the newest message
  bool was_idle_ = false;
  std::deque<Sample> samples_;
};

}  // namespace shmvideo::toolkit
