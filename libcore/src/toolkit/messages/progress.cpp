// SPDX-License-Identifier: Apache-2.0
#include "toolkit/messages/progress.hpp"

#include <algorithm>
#include <utility>

#include "toolkit/tool.hpp"

namespace shmvideo::toolkit {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kDrawInterval = 500ms;
/// What is over before this is not worth a line.
constexpr std::chrono::nanoseconds kRedrawInterval = 400ms;
/// Long enough for a rate that can be read, short enough for one that is news.
constexpr auto kRateWindow = 5s;
constexpr std::chrono::nanoseconds kPatienceMax = 10min;

}  // namespace

Progress::Progress(Log& log, std::chrono::nanoseconds interval)
    : log_(log),
      message_interval_(interval),
      patience_(interval),
      next_message_(Clock::now() + message_interval_),
      drawn_(Clock::now()),
      samples_{{Clock::now(), 0}} {}

std::chrono::nanoseconds Progress::interval() const {
  return log_.status_columns() ? std::min(kDrawInterval, message_interval_) : message_interval_;
}

std::optional<double> Progress::rate_of(std::uint64_t done, Clock::time_point now) {
  // Fewer than before: it was begun anew, or a part of it was found to be of no use.
  if (!samples_.empty() && done < samples_.back().done) samples_.clear();
  samples_.push_back({now, done});
  while (samples_.size() > 2 && samples_[1].time <= now - kRateWindow) samples_.pop_front();
  const std::chrono::duration<double> between = now - samples_.front().time;
  if (samples_.size() < 2 || between.count() <= 0) return std::nullopt;
  return static_cast<double>(done - samples_.front().done) / between.count();
}

bool Progress::is_message_due(const ProgressReport& report, Clock::time_point now) {
  const bool is_idle = !report.waiting_for.empty() || report.done == told_done_;
  if (std::exchange(was_idle_, is_idle) && !is_idle) {
    patience_ = message_interval_;
    next_message_ = std::min(next_message_, now + patience_);
  }
  if (now < next_message_) return false;
  told_done_ = report.done;
  patience_ =
      is_idle ? std::min(patience_ * 2, std::max(kPatienceMax, message_interval_)) : message_interval_;
  // A process that was stopped for a while does not make up for what it did not tell.
  next_message_ = std::max(next_message_ + patience_, now + patience_ / 2);
  return true;
}

void Progress::show(ProgressReport report) {
  const auto now = Clock::now();
  log_.tell_overdue();
  if (!report.waiting_for.empty()) {
    samples_.assign({{now, report.done}});
  } else if (!report.rate) {
    report.rate = rate_of(report.done, now);
  }
  const auto columns = log_.status_columns();
  if (columns && now - drawn_ >= std::min(kRedrawInterval, interval())) {
    drawn_ = now;
    log_.set_status(describe(report, *columns));
  }
  if (is_message_due(report, now) && (!columns || log_.has_file())) log_.info("{}", describe(report));
}

void Progress::wait(const std::function<bool(std::chrono::nanoseconds)>& pause, Clock::time_point end,
                    const Report& report) {
  for (auto now = Clock::now(); now < end; now = Clock::now()) {
    if (pause(std::min<std::chrono::nanoseconds>(interval(), end - now))) return;
    show(report());
  }
}

void Progress::wait(const ToolContext& context, Clock::time_point end, const Report& report) {
  wait([&context](std::chrono::nanoseconds time) { return context.wait_for(time); }, end, report);
}

}  // namespace shmvideo::toolkit
