// SPDX-License-Identifier: Apache-2.0
// What the session's thread does: it opens, publishes, and opens again.
#include <algorithm>
#include <utility>

#include "session/session.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo::capture {
namespace {

using namespace std::chrono_literals;
using source::WaitStatus;

/// When people are told for the first time that a source is still away.
constexpr auto kReminderInterval = 1min;
/// A source may be slower than the stall timeout if it says so: this many frames late is a stall then.
constexpr int kStallFrames = 3;

}  // namespace

std::string CaptureSession::in_seconds(std::chrono::nanoseconds time) {
  const double seconds = std::chrono::duration<double>(time).count();
  return seconds < 100 ? fmt::format("{:.3g} s", seconds) : fmt::format("{:.0f} s", seconds);
}

Outcome CaptureSession::supervise() {
  const Supervision& how = supervision_;
  if (!open_first() || !publication_.prepare(source_)) return Outcome::stopped;
  for (;;) {
    const Outcome outcome = publish_all();
    publication_.end_source(source_);
    if (outcome != Outcome::running) return outcome;
    if (!is_untried_ && (!how.can_reopen || !how.is_reopening || how.reopenings_max == 0U)) {
      throw Error(ErrorCode::source_failed, fmt::format("{}: {}", name(), loss_));
    }
    if (!reopen() || !publication_.prepare(source_)) return Outcome::stopped;
  }
}

CallLimits CaptureSession::limits() const noexcept {
  const Supervision& how = supervision_;
  if (!how.is_live) return {};
  // Who cannot be reopened can only be talked about: the shorter time, then.
  return {how.can_reopen ? how.open_timeout : how.stall_timeout, stall_timeout_};
}

/// Throws Error: why it cannot be opened.
void CaptureSession::open() {
  attempted_at_ = Clock::now();
  try {
    source_.open(limits());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::cancelled || is_cancelled_ || is_replaced_) throw;
    throw Error(ErrorCode::source_failed, fmt::format("{} does not answer: opening it took longer than {}",
                                                      name(), in_seconds(limits().open)));
  }
  note_opened();
}

void CaptureSession::note_opened() {
  is_awaited_ = false;
  opened_at_ = Clock::now();
  const source::SourceDescription& description = source_.description();
  name_ = description.name;
  if (notes_ != description.notes) {
    notes_ = description.notes;
    for (const std::string& note : notes_) log_.info("{}", note);
  }
  if (frame_logged_ == Clock::time_point()) frame_logged_ = Clock::now();
  set_stall_timeout(description.stream);
}

void CaptureSession::set_stall_timeout(const StreamInfo& stream) {
  stall_timeout_ = supervision_.stall_timeout;
  std::chrono::nanoseconds interval{0};
  if (stream.fps_numerator > 0) interval = 1'000'000'000ns * stream.fps_denominator / stream.fps_numerator;
  frame_time_ = interval;
  if (stall_timeout_ > 0ns) stall_timeout_ = std::max(stall_timeout_, kStallFrames * interval);
  source_.set_limits(limits());
}

/// What replace_source() brought is in force from here on. True if that is another source, which is to be
/// opened.
bool CaptureSession::take_replacement() {
  if (!is_replaced_) return false;
  const std::lock_guard lock(state_mutex_);
  is_replaced_ = false;
  Replacement fresh = *std::exchange(replacement_, std::nullopt);
  supervision_ = std::move(fresh.supervision);
  back_off_ = BackOff(supervision_.pauses, supervision_.reopenings_max);
  if (!fresh.factory) {
    if (source_.is_there()) set_stall_timeout(source_.description().stream);
    return false;
  }
  source_.set_factory(std::move(fresh.factory));
  stall_timeout_ = supervision_.stall_timeout;
  name_.clear();
  is_replacing_ = is_untried_ = true;
  return true;
}

/// False if it was stopped. Throws Error.
bool CaptureSession::open_first() {
  BackOff back_off(supervision_.pauses);
  for (;;) {
    take_replacement();
    is_replacing_ = is_untried_ = false;  // nobody has seen another one
    try {
      open();
      return true;
    } catch (const Error& error) {
      if (is_cancelled_) return false;
      if (is_replaced_) {
        source_.retire();
        continue;
      }
      if (!supervision_.is_waiting || error.code() != ErrorCode::source_failed) throw;
      if (back_off.attempts() == 0) {
        log_.info("waiting for {}: {}", name(), error.what());
        told_ = Clock::now();
        away_since_ = told_;
        is_awaited_ = true;
      }
      tell_still_away("still waiting for", error.what());
    }
    source_.retire();
    if (!rest(*back_off.next())) return false;
  }
}

/// Readers see that the source is away, and people are told why.
void CaptureSession::begin_absence() {
  if (!is_away_) {
    if (!is_untried_) log_.warn("{}: {}; trying to open it again", name(), loss_);
    away_since_ = newest_frame_;
    told_ = Clock::now();
    is_away_ = true;
  }
  publication_.set_source_state(SourceState::reconnecting);
  publication_.turn();
}

/// False if it was stopped. Throws Error after as many attempts as are allowed.
bool CaptureSession::reopen() {
  begin_absence();
  for (;;) {
    source_.retire();
    if (!is_untried_ && !rest_before_attempt()) return false;
    take_replacement();
    is_untried_ = false;
    try {
      open();
      // Another source whose pictures there is no room for is as good as one that cannot be opened.
      return !is_replacing_ || publication_.prepare(source_);
    } catch (const Error& error) {
      if (is_cancelled_) return false;
      if (!take_replacement()) note_failed_attempt(error);
    }
  }
}

/// False if it was stopped. Throws Error if there were attempts enough.
bool CaptureSession::rest_before_attempt() {
  if (const auto pause = back_off_.next()) return rest(*pause);
  throw Error(ErrorCode::source_failed,
              fmt::format("gave up after {} attempt{} to open {} again: {}", back_off_.attempts(),
                          back_off_.attempts() == 1 ? "" : "s", name(), loss_));
}

/// Throws `error` where that was the only attempt.
void CaptureSession::note_failed_attempt(const Error& error) {
  if (!supervision_.is_reopening || supervision_.reopenings_max == 0U) throw error;
  loss_ = error.what();
  if (back_off_.attempts() == 0) {
    log_.warn("{}; trying again", loss_);
  } else {
    log_.debug("{}", loss_);  // without its number, so that the log can fold it
    tell_still_away("still without", loss_);
  }
}

void CaptureSession::tell_still_away(const char* what, const std::string& why) {
  // After one minute, two, four, and so on.
  const auto away_since = away_since_.load();
  if (Clock::now() - told_ < std::max<Clock::duration>(kReminderInterval, told_ - away_since)) return;
  told_ = Clock::now();
  log_.info("{} {} after {}: {}", what, name(), in_seconds(told_ - away_since), why);
}

/// Shorter when there is another source to be had. False if it was stopped meanwhile.
bool CaptureSession::rest(std::chrono::nanoseconds pause) {
  std::unique_lock lock(state_mutex_);
  state_changed_.wait_for(lock, pause, [this] { return is_stopping_ || replacement_; });
  return !is_stopping_;
}

/// `running` when the source is lost; loss_ says why.
Outcome CaptureSession::publish_all() {
  newest_frame_ = Clock::now();
  while (!is_cancelled_) {
    if (take_replacement()) return Outcome::running;
    switch (source_.wait()) {
      case WaitStatus::frame:
        if (!publish_one()) return Outcome::stopped;
        if (config_.count && publication_.progress().writer.published >= *config_.count) {
          return Outcome::counted;
        }
        break;
      case WaitStatus::again:
        publication_.turn();
        if (is_stalled()) return Outcome::running;
        break;
      case WaitStatus::interrupted:
        if (is_cancelled_) return Outcome::stopped;
        if (!take_replacement()) loss_ = no_frame_for();
        return Outcome::running;
      case WaitStatus::end:
        return take_replacement() ? Outcome::running : Outcome::ended;
      case WaitStatus::lost:
        if (is_cancelled_) return Outcome::stopped;  // an interruption may look like an error to a library
        if (take_replacement()) return Outcome::running;
        loss_ = source_.loss();
        if (loss_.empty()) loss_ = "it delivers no more frames";
        return Outcome::running;
    }
  }
  return Outcome::stopped;
}

/// False if it was stopped.
bool CaptureSession::publish_one() {
  const Delivery delivery = publication_.deliver(source_);
  newest_frame_ = Clock::now();
  is_stall_told_ = false;
  if (delivery == Delivery::published) note_published();
  return delivery != Delivery::shut;
}

void CaptureSession::note_published() {
  published_at_ = newest_frame_;
  ++frames_to_log_;
  const std::uint64_t interval = frame_log_interval_.load(std::memory_order_relaxed);
  if (interval > 0 && frames_to_log_ >= interval) log_frame();
  if (!is_away_) return;
  is_away_ = false;
  back_off_.reset();
  publication_.set_source_state(SourceState::ok);
  const std::string pause = in_seconds(newest_frame_ - away_since_.load());
  if (std::exchange(is_replacing_, false)) {
    log_.info("frames come from {} now, after {} without", name(), pause);
    return;
  }
  ++reopened_;
  publication_.count_reopening();
  log_.info("{} is back after {}", name(), pause);
}

/// From this thread, although it has frames to fetch: a log waits a tenth of a second at most, and for one
/// line only, where what it writes to takes nothing.
void CaptureSession::log_frame() {
  const Clock::time_point before = std::exchange(frame_logged_, newest_frame_);
  const std::uint64_t frames = std::exchange(frames_to_log_, 0);
  const std::uint64_t number = publication_.progress().writer.latest;
  const double seconds = std::chrono::duration<double>(newest_frame_ - before).count();
  log_.info("frame {}: {} in {:.3f} s, {:.1f}/s", number, frames, seconds,
            seconds > 0 ? static_cast<double>(frames) / seconds : 0.0);
}

std::string CaptureSession::no_frame_for() const { return "no frame for " + in_seconds(stall_timeout_); }

/// Whether so much time without a frame amounts to a loss.
bool CaptureSession::is_stalled() {
  const Supervision& how = supervision_;
  if (!how.is_live || stall_timeout_ == 0ns || Clock::now() - newest_frame_ < stall_timeout_) return false;
  loss_ = no_frame_for();
  if (how.can_reopen) return true;
  if (!std::exchange(is_stall_told_, true)) log_.warn("{}: {}; waiting for more", name(), loss_);
  return false;
}

}  // namespace shmvideo::capture
