// SPDX-License-Identifier: Apache-2.0
#include "watch/watch.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>

#include "perf/perf_json.hpp"
#include "perf/perf_text.hpp"
#include "report/look.hpp"
#include "report/report_json.hpp"
#include "shmvideo/error.hpp"
#include "toolkit/shared_options.hpp"
#include "toolkit/terminal/output.hpp"
#include "toolkit/terminal/resize_signal.hpp"
#include "toolkit/terminal/terminal.hpp"
#include "watch/history.hpp"
#include "watch/live_screen.hpp"
#include "watch/watch_screen.hpp"

namespace shmvideo::inspect {
namespace {

using toolkit::ExitCode;
using toolkit::Json;
using Clock = std::chrono::steady_clock;

std::uint64_t nanoseconds_of(Clock::time_point time) {
  return static_cast<std::uint64_t>(std::chrono::nanoseconds(time.time_since_epoch()).count());
}

/// What is watched: takes looks, and gives the latest one in each of the three forms of output.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual void look() = 0;
  virtual std::vector<std::string> lines(std::size_t columns) const = 0;  ///< for a terminal
  virtual std::string text() const = 0;                                   ///< for a pipe
  virtual Json json() const = 0;
};

std::vector<std::string> lines_of(const std::string& shown, std::size_t columns) {
  std::vector<std::string> lines;
  std::istringstream text(shown);
  for (std::string line; std::getline(text, line);) lines.push_back(toolkit::cut_to_columns(line, columns));
  return lines;
}

class OneSegment : public Subject {
 public:
  OneSegment(SegmentName name, std::chrono::nanoseconds timeout, toolkit::ToolContext& context)
      : name_(std::move(name)), context_(context) {
    look_at(name_, timeout, context_);  // absent from the start is an error, absent later a state
  }

  void look() override {
    const auto now = nanoseconds_of(Clock::now());
    try {
      history_.add(report(name_, &context_.guard), now);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      history_.add_absent(now);
    }
  }

  std::vector<std::string> lines(std::size_t columns) const override {
    return watch_lines(name_.str(), history_, nanoseconds_of(Clock::now()), columns);
  }
  std::string text() const override { return watch_line(name_.str(), history_); }
  Json json() const override {
    if (!history_.report()) return {{"name", name_.str()}, {"state", "absent"}};
    Json object = to_json(*history_.report());
    object["measured_fps"] = history_.rate() ? Json(std::round(*history_.rate() * 1e3) / 1e3) : Json(nullptr);
    return object;
  }

 protected:
  const SegmentReport* seen() const { return history_.report(); }  // null while it is absent

 private:
  const SegmentName name_;
  toolkit::ToolContext& context_;
  History history_;
};

/// What its frames cost, instead of how they come.
class CostsOfOneSegment final : public OneSegment {
 public:
  using OneSegment::OneSegment;
  std::vector<std::string> lines(std::size_t columns) const override {
    return seen() ? lines_of(perf_text(*seen()), columns) : OneSegment::lines(columns);
  }
  std::string text() const override { return seen() ? perf_text(*seen()) : OneSegment::text(); }
  Json json() const override { return seen() ? perf_json(*seen()) : OneSegment::json(); }
};

class AllSegments final : public Subject {
 public:
  explicit AllSegments(toolkit::ToolContext& context) : context_(context) {}
  void look() override { overview_ = look_at_all(context_); }
  std::vector<std::string> lines(std::size_t columns) const override {
    return lines_of(to_text(overview_), columns);
  }
  std::string text() const override { return to_text(overview_); }
  Json json() const override { return overview_.json; }

 private:
  toolkit::ToolContext& context_;
  Overview overview_;
};

/// Shows looks where standard output goes to.
class Show {
 public:
  explicit Show(bool is_json) : is_json_(is_json) {
    if (!is_json_ && toolkit::is_terminal(STDOUT_FILENO)) screen_ = std::make_unique<LiveScreen>();
  }

  void show(const Subject& subject) {
    if (is_json_)
      toolkit::write_output(toolkit::to_line(subject.json()) + "\n");
    else if (screen_)
      redraw(subject);
    else
      toolkit::write_output(subject.text());
  }

  void redraw(const Subject& subject) {
    if (!screen_) return;
    const auto size = toolkit::terminal_size(STDOUT_FILENO);
    auto lines = subject.lines(size.columns);
    if (toolkit::wants_colour(STDOUT_FILENO))
      std::transform(lines.begin(), lines.end(), lines.begin(), coloured);
    screen_->draw(std::move(lines), size.rows);
  }

 private:
  const bool is_json_;
  std::unique_ptr<LiveScreen> screen_;
};

/// Waits until `deadline`, which may come nearer meanwhile, redrawing when the window changes. False: told to
/// stop.
bool wait_until(const Clock::time_point& deadline, const toolkit::ToolContext& context,
                toolkit::ResizeSignal& resize, const std::function<void()>& on_resize) {
  while (!context.stop.is_set()) {
    const auto left = std::chrono::nanoseconds(deadline - Clock::now()).count();
    if (left <= 0) return true;
    const timespec limit{static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
    pollfd wanted[] = {
        {context.stop.fd(), POLLIN, 0}, {resize.fd(), POLLIN, 0}, {context.reload_fd(), POLLIN, 0}};
    if (::ppoll(wanted, std::size(wanted), &limit, nullptr) <= 0) continue;
    if (wanted[1].revents) {
      resize.clear();
      on_resize();
    }
    context.handle_reload();
  }
  return false;
}

std::unique_ptr<Subject> subject_of(const InspectOptions& options, toolkit::ToolContext& context) {
  if (options.perf) {
    const SegmentName name = toolkit::choose_segment(options.name);
    return std::make_unique<CostsOfOneSegment>(name, options.wait, context);
  }
  if (options.name && !options.all) return std::make_unique<OneSegment>(*options.name, options.wait, context);
  return std::make_unique<AllSegments>(context);
}

}  // namespace

ExitCode watch(const InspectOptions& options, toolkit::ToolContext& context) {
  const std::unique_ptr<Subject> subject = subject_of(options, context);
  toolkit::ResizeSignal resize;
  Show show(options.json);
  const auto began = Clock::now();
  const auto end = options.limits.duration ? began + *options.limits.duration : Clock::time_point::max();
  auto interval = options.interval;
  auto next = began;
  auto deadline = began;
  context.on_reload<InspectOptions>([&](const InspectOptions& now) {
    interval = now.interval;
    next = std::min(next, Clock::now() + interval);
    deadline = std::min(next, end);
  });
  for (std::uint64_t looks = 0;;) {
    subject->look();
    show.show(*subject);
    if (++looks == options.limits.count) break;
    // A machine that slept takes the next look now, not all those that it slept through.
    next = std::max(next + interval, Clock::now());
    deadline = std::min(next, end);
    if (!wait_until(deadline, context, resize, [&] { show.redraw(*subject); })) break;
    if (Clock::now() >= end) break;
  }
  return ExitCode::done;
}

}  // namespace shmvideo::inspect
