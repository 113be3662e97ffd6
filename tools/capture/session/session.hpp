// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "session/back_off.hpp"
#include "session/publication.hpp"
#include "session/pulse.hpp"
#include "session/supervised_source.hpp"
#include "session/watchdog.hpp"
#include "shmvideo/error.hpp"
#include "toolkit/messages/log.hpp"

namespace shmvideo::capture {

/// What is done about a source that does not open, does not deliver, or hangs.
struct Supervision {
  std::string device;        ///< what the source is called before it can say so itself
  bool is_live = false;      ///< frames come by themselves: a time without any is a stall
  bool can_reopen = false;   ///< another object may have frames again after this one is lost
  bool is_waiting = false;   ///< a first opening that fails is repeated, too
  bool is_reopening = true;  ///< else a loss ends the session
  std::optional<std::uint32_t> reopenings_max{};                     ///< in a row; unset: no end of them
  std::chrono::nanoseconds stall_timeout = std::chrono::seconds(5);  ///< 0: there are no stalls
  std::chrono::nanoseconds open_timeout =
      std::chrono::seconds(20);                              ///< how long opening may take; 0: for ever
  std::chrono::nanoseconds grace = std::chrono::seconds(5);  ///< for a call that was interrupted to return
  BackOff::Pauses pauses{};
};

struct SessionConfig {
  SegmentName name;
  WriterOptions
      writer;  ///< stream, capacity and source are filled in when the source is open; slots may be 0
  std::optional<std::uint64_t> count{};
  Supervision supervision{};
};

enum class Outcome {
  running,
  stopped,  ///< it was told to
  counted,  ///< as many frames as asked for were published
  ended,    ///< the source is at its end
};

/// A source feeding a segment, in a thread of its own: a library call that hangs must not keep the
/// process from stopping. From making the source on, everything may take long; stop() does not.
///
/// A source that is lost, or from which nothing comes, is replaced by a new one from the factory, while
/// the segment stays. A call into it that takes longer than the stall timeout, or the one for opening, is
/// interrupted; when it has not returned after a time of grace, the session ends with an Error although its
/// thread cannot.
/// Thread-safe, but for start() and stop(), which belong to one thread.
class CaptureSession {
 public:
  /// `on_end` is called once, from a thread of the session, when it is over for whatever reason.
  CaptureSession(SourceFactory factory, SessionConfig config, toolkit::Log& log,
                 std::function<void()> on_end);
  ~CaptureSession();
  CaptureSession(const CaptureSession&) = delete;
  CaptureSession& operator=(const CaptureSession&) = delete;

  void start();
  /// Goes on with another source, in the same segment: readers stay, numbers go on, and the first frame
  /// says that it does not follow. One that cannot be opened is treated as one that was lost. Without a
  /// factory the source stays, and only what is done about it changes (but for its `grace`). From any thread.
  void replace_source(SourceFactory factory, const Supervision& supervision);
  /// A message for every so many published frames; 0: none. From any thread.
  void log_frames(std::uint64_t interval) noexcept { frame_log_interval_ = interval; }
  /// Ends it: the segment is closed and gone when this returns. False when the thread hangs in a
  /// library all the same: this object cannot be destroyed then, nor can the process end by
  /// returning from main().
  bool stop();

  /// When the segment was made; nothing before.
  std::optional<std::chrono::steady_clock::time_point> started_at() const {
    return publication_.started_at();
  }
  /// Since when the source is lost, and to be opened again, or waited for; nothing while it is there.
  std::optional<std::chrono::steady_clock::time_point> away_since() const noexcept {
    return is_away_ || is_awaited_ ? std::optional(away_since_.load()) : std::nullopt;
  }
  Progress progress() const;
  Pulse pulse() const;
  /// How it ended. Throws what ended it (Error).
  Outcome outcome() const;

 private:
  using Clock = std::chrono::steady_clock;

  void run() noexcept;
  Outcome supervise();
  bool take_replacement();
  bool open_first();
  bool reopen();
  void begin_absence();
  bool rest_before_attempt();
  void note_failed_attempt(const Error& error);
  void open();
  void note_opened();
  Outcome publish_all();
  bool publish_one();
  void note_published();
  void log_frame();
  bool is_stalled();
  bool rest(std::chrono::nanoseconds pause);
  void tell_still_away(const char* what, const std::string& why);
  void take_care_of_overdue_call();
  void give_up_stuck_call();
  void finish(Outcome outcome, std::exception_ptr failure) noexcept;
  static std::string in_seconds(std::chrono::nanoseconds time);
  std::string no_frame_for() const;
  CallLimits limits() const noexcept;
  void set_stall_timeout(const StreamInfo& stream);
  Supervision supervision() const;
  const std::string& name() const noexcept { return name_.empty() ? supervision_.device : name_; }

  const SessionConfig config_;
  toolkit::Log& log_;
  const std::function<void()> on_end_;
  Publication publication_;

  mutable std::mutex state_mutex_;  // guards what follows
  std::condition_variable state_changed_;
  struct Replacement {
    SourceFactory factory;  // none: for the source that there is
    Supervision supervision;
  };
  std::optional<Replacement> replacement_;
  Supervision supervision_;  // written by the session's thread, which may read it without the mutex
  bool is_stopping_ = false;
  bool is_over_ = false;  // on_end_ was called, or is about to be
  bool is_done_ = false;  // the thread has nothing more to do
  Outcome outcome_ = Outcome::running;
  std::exception_ptr failure_;

  std::atomic<bool> is_cancelled_{false};  // is_stopping_, for who must not wait
  std::atomic<bool> is_replaced_{false};   // replacement_ is there
  std::atomic<bool> is_away_{false};       // the source is being reopened
  std::atomic<Clock::time_point>
      away_since_{};  // written by the session's thread before is_away_, is_awaited_
  // For pulse(); a time of 0 is none.
  std::atomic<bool> is_awaited_{false};  // its first opening has failed, and is repeated
  std::atomic<Clock::time_point> published_at_{};
  std::atomic<Clock::time_point> opened_at_{};
  std::atomic<Clock::time_point> attempted_at_{};
  std::atomic<std::chrono::nanoseconds> frame_time_{};
  std::atomic<std::uint64_t> frame_log_interval_{0};
  std::atomic<std::uint32_t> reopened_{0};

  // The rest is of the session's thread.
  BackOff back_off_;
  std::string name_;
  std::string loss_;                // why there are no frames
  std::vector<std::string> notes_;  // told already
  std::chrono::nanoseconds stall_timeout_;
  Clock::time_point newest_frame_;
  Clock::time_point told_;
  bool is_stall_told_ = false;
  bool is_replacing_ = false;  // no frame of the source that replace_source() brought was published yet
  bool is_untried_ = false;    // nor was it opened
  std::uint64_t frames_to_log_ = 0;
  Clock::time_point frame_logged_;

  // Last, so that they end first.
  Watchdog watchdog_;
  SupervisedSource source_;
  std::thread thread_;
};

}  // namespace shmvideo::capture
