// SPDX-License-Identifier: Apache-2.0
#include "session/session.hpp"

#include <utility>

#include "shmvideo/error.hpp"

namespace shmvideo::capture {
namespace {

using namespace std::chrono_literals;

/// What the source's thread gets to end by itself; the segment must be gone within 100 ms.
constexpr auto kPatience = 40ms;

}  // namespace

CaptureSession::CaptureSession(SourceFactory factory, SessionConfig config, toolkit::Log& log,
                               std::function<void()> on_end)
    : config_(std::move(config)),
      log_(log),
      on_end_(std::move(on_end)),
      publication_(
          config_.name,
          [this] {
            WriterOptions options = config_.writer;
            options.is_cancelled = [this] { return is_cancelled_.load(); };
            return options;
          }(),
          log),
      supervision_(config_.supervision),
      back_off_(config_.supervision.pauses, config_.supervision.reopenings_max),
      stall_timeout_(config_.supervision.stall_timeout),
      watchdog_({[this] {
                   // The segment is alive while a source is being reopened, however long that call takes.
                   if (is_away_) publication_.turn();
                 },
                 [this] { take_care_of_overdue_call(); }, [this] { give_up_stuck_call(); }},
                config_.supervision.stall_timeout, config_.supervision.grace),
      source_(std::move(factory), watchdog_) {}

CaptureSession::~CaptureSession() {
  if (thread_.joinable()) thread_.join();
}

void CaptureSession::start() {
  watchdog_.start();
  thread_ = std::thread([this] { run(); });
}

void CaptureSession::replace_source(SourceFactory factory, const Supervision& supervision) {
  const std::lock_guard lock(state_mutex_);
  // Two in a row: a source that was to come and did not is forgotten, not the fact that one comes.
  if (!factory && replacement_) factory = std::move(replacement_->factory);
  const bool is_another = static_cast<bool>(factory);
  replacement_ = Replacement{std::move(factory), supervision};
  is_replaced_ = true;
  state_changed_.notify_all();
  // With the mutex held, under which the session's thread takes the new one: this is for the old one.
  if (is_another) source_.interrupt();
}

Supervision CaptureSession::supervision() const {
  const std::lock_guard lock(state_mutex_);
  return supervision_;
}

bool CaptureSession::stop() {
  is_cancelled_ = true;
  {
    const std::lock_guard lock(state_mutex_);
    is_stopping_ = true;
    state_changed_.notify_all();
  }
  source_.shut();
  {
    std::unique_lock lock(state_mutex_);
    state_changed_.wait_for(lock, kPatience, [this] { return is_done_; });
    if (!is_done_) {
      lock.unlock();
      publication_.close();
      return false;
    }
  }
  thread_.join();
  return true;
}

Progress CaptureSession::progress() const {
  Progress progress = publication_.progress();
  progress.reopened = reopened_;
  return progress;
}

Pulse CaptureSession::pulse() const {
  const auto time = [](const std::atomic<Clock::time_point>& at) {
    const Clock::time_point value = at;
    return value == Clock::time_point() ? std::nullopt : std::optional(value);
  };
  const Supervision how = supervision();
  Pulse pulse{time(published_at_), time(opened_at_), time(attempted_at_), is_away_ || is_awaited_,
              frame_time_};
  // What hangs is closed, and interrupted for that, before it is opened again.
  if (how.open_timeout > 0ns && how.stall_timeout > 0ns)
    pulse.attempt_time = 2 * (how.open_timeout + how.grace) + how.pauses.longest;
  return pulse;
}

Outcome CaptureSession::outcome() const {
  const std::lock_guard lock(state_mutex_);
  if (failure_) std::rethrow_exception(failure_);
  return outcome_;
}

void CaptureSession::run() noexcept {
  Outcome outcome = Outcome::stopped;
  std::exception_ptr failure;
  try {
    outcome = supervise();
    if (outcome == Outcome::ended) publication_.set_source_state(SourceState::ended);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::cancelled) failure = std::current_exception();
  } catch (...) {
    failure = std::current_exception();
  }
  publication_.close();
  // Before the end is told, and watched: closing a device may hang like everything else.
  source_.retire();
  finish(outcome, failure);
  const std::lock_guard lock(state_mutex_);
  is_done_ = true;
  state_changed_.notify_all();
}

/// The first outcome is the one that counts.
void CaptureSession::finish(Outcome outcome, std::exception_ptr failure) noexcept {
  {
    const std::lock_guard lock(state_mutex_);
    if (std::exchange(is_over_, true)) return;
    outcome_ = outcome;
    failure_ = std::move(failure);
  }
  on_end_();
}

/// In the watchdog's thread.
void CaptureSession::take_care_of_overdue_call() {
  const Supervision how = supervision();
  if (!how.can_reopen) {
    log_.warn("{}: nothing came for {}; waiting for more", how.device, in_seconds(how.stall_timeout));
    return;
  }
  publication_.set_source_state(SourceState::reconnecting);
  source_.interrupt();
}

/// In the watchdog's thread.
void CaptureSession::give_up_stuck_call() {
  const Supervision how = supervision();
  if (!how.can_reopen) return;
  publication_.close();
  finish(
      Outcome::running,
      std::make_exception_ptr(Error(
          ErrorCode::source_failed,
          fmt::format(
              "{} hangs inside a library call that does not return and cannot be interrupted; start it again",
              how.device))));
}

}  // namespace shmvideo::capture
