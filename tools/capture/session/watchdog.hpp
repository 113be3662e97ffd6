// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace shmvideo::capture {

/// Looks after calls into libraries that may not return, from a thread of its own.
///
/// Thread-safety: one thread makes the calls that are watched; start() and the end belong to whoever
/// owns it.
class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;

  /// What to do; called from the watchdog's thread, without a lock held.
  struct Duties {
    std::function<void()> on_tick;     ///< every quarter of a second, or oftener
    std::function<void()> on_overdue;  ///< a call takes longer than its limit
    std::function<void()> on_stuck;    ///< and has not returned within `grace` after that
  };

  /// `shortest`: about the shortest limit that calls will have, or 0; it looks a few times within it.
  Watchdog(Duties duties, std::chrono::nanoseconds shortest, std::chrono::nanoseconds grace);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  void start();

  /// A call that is being watched, for as long as this lives.
  class Watch {
   public:
    /// `limit` 0: it may take as long as it likes.
    Watch(Watchdog& watchdog, std::chrono::nanoseconds limit) noexcept;
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    Watchdog& watchdog_;
  };

 private:
  enum class Stage { idle, running, overdue, stuck };
  void run();
  const std::function<void()>* due(Clock::time_point now);

  const Duties duties_;
  const std::chrono::nanoseconds grace_;
  const std::chrono::nanoseconds tick_;
  std::mutex mutex_;  // guards what follows; held for a few instructions
  std::condition_variable ending_;
  bool is_ending_ = false;
  Stage stage_ = Stage::idle;
  Clock::time_point since_;
  std::chrono::nanoseconds limit_{};
  std::thread thread_;
};

}  // namespace shmvideo::capture
