// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "segment/unique_fd.hpp"

namespace shmvideo::toolkit {

/// How a tool does, as it judges itself.
struct Condition {
  bool is_ready = false;  ///< does what it is there for, or waits for what it is meant to wait for
  bool is_alive = false;  ///< a new start would not do better
  std::string status{};   ///< one line for people
};

/// Tells a supervisor how this process does, by systemd's notification protocol: READY=1, STATUS=,
/// RELOADING=1, STOPPING=1 and WATCHDOG=1 on the socket that NOTIFY_SOCKET names. Without that variable
/// nothing is told and nothing is asked.
///
/// The protocol is a promise of systemd's (sd_notify(3)), and a few lines; libsystemd would bring its own
/// dependencies into every tool. Nothing here waits: what the supervisor's queue has no room for is told at
/// the next turn. One thread.
class Notifier {
 public:
  using Clock = std::chrono::steady_clock;

  /// Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment: programs that this one runs
  /// are not what is supervised. Before there are threads. A socket's name that cannot be is as good as none.
  static Notifier from_environment();
  /// `socket`: a path, or '@' and an abstract name; empty: nobody supervises. `watchdog`: after so long
  /// without WATCHDOG=1 the supervisor takes the process for hung; nothing: it does not look.
  Notifier(std::string_view socket, std::optional<std::chrono::nanoseconds> watchdog);

  bool is_supervised() const noexcept { return static_cast<bool>(socket_); }
  /// The supervisor's patience; nothing where it has no end.
  std::optional<std::chrono::nanoseconds> watchdog() const noexcept { return watchdog_; }

  /// From now on asks `condition` how it goes, once at a time, and tells that: READY=1 when it is ready for
  /// the first time, WATCHDOG=1 while it is alive, and what changed of its status.
  void watch(std::function<Condition()> condition) { condition_ = std::move(condition); }
  /// How often turn() wants to be called; nothing where there is nothing to tell.
  std::optional<std::chrono::nanoseconds> interval() const noexcept;
  /// Asks and tells, if it is time to.
  void turn();

  void reload_begins();  ///< RELOADING=1, if READY=1 was told
  void reload_ends();    ///< READY=1 again
  /// Once; nothing is asked after it.
  void stopping();
  /// The last line that the supervisor shows.
  void last_words(std::string_view sentence);

 private:
  bool send(const std::string& message) noexcept;
  void tell(const Condition& condition, Clock::time_point now);

  UniqueFd socket_;
  std::string address_;  // as sockaddr_un has it: with a zero byte for '@'
  std::optional<std::chrono::nanoseconds> watchdog_;
  std::function<Condition()> condition_;
  bool was_ready_ = false;
  bool is_stopping_ = false;
  std::string status_;  // as it was told
  Clock::time_point next_turn_{};
  Clock::time_point next_status_{};
  Clock::time_point next_watchdog_{};
};

}  // namespace shmvideo::toolkit
