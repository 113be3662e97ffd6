// SPDX-License-Identifier: Apache-2.0
#include "toolkit/process/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <utility>

namespace shmvideo::toolkit {
namespace {

using namespace std::chrono_literals;

/// Often enough for a status that people watch, seldom enough to cost nothing.
constexpr std::chrono::nanoseconds kUsualInterval = 1s;
/// Until something is ready, somebody waits for it.
constexpr std::chrono::nanoseconds kStartInterval = 100ms;
/// The supervisor passes each change on to whoever looks.
constexpr std::chrono::nanoseconds kStatusInterval = 2s;
/// How many times within the supervisor's patience: half of it is what systemd recommends at most.
constexpr int kTurnsInPatience = 4;

/// The variable's value, and it is gone.
std::string take(const char* variable) {
  const char* const value = std::getenv(variable);
  std::string taken = value ? value : "";
  ::unsetenv(variable);
  return taken;
}

/// A whole number, all of the text; nothing if it is none.
std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

std::uint64_t monotonic_us() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
}

/// A status is one line.
std::string one_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace(line, '\n', ' ');
  return line;
}

}  // namespace

Notifier Notifier::from_environment() {
  const std::string socket = take("NOTIFY_SOCKET");
  const auto patience = number(take("WATCHDOG_USEC"));
  const std::string whose = take("WATCHDOG_PID");
  const bool is_ours = whose.empty() || number(whose) == static_cast<std::uint64_t>(::getpid());
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max() / 1000;
  if (!is_ours || !patience || *patience == 0 || *patience > kMost) return {socket, std::nullopt};
  return {socket, std::chrono::microseconds(*patience)};
}

Notifier::Notifier(std::string_view socket, std::optional<std::chrono::nanoseconds> watchdog)
    : watchdog_(watchdog) {
  const bool is_name = socket.size() > 1 && (socket[0] == '/' || socket[0] == '@');
  if (!is_name || socket.size() >= sizeof(sockaddr_un::sun_path)) return;
  address_ = socket;
  if (address_[0] == '@') address_[0] = '\0';
  socket_.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

/// False when it is to be said again.
bool Notifier::send(const std::string& message) noexcept {
  if (!socket_) return false;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, address_.data(), address_.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  return ::sendto(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&address), length) >= 0;
}

std::optional<std::chrono::nanoseconds> Notifier::interval() const noexcept {
  if (!is_supervised() || !condition_ || is_stopping_) return std::nullopt;
  const auto usual = was_ready_ ? kUsualInterval : kStartInterval;
  return watchdog_ ? std::min(usual, *watchdog_ / kTurnsInPatience) : usual;
}

void Notifier::turn() {
  const auto pause = interval();
  const auto now = Clock::now();
  if (!pause || now < next_turn_) return;
  next_turn_ = now + *pause;
  tell(condition_(), now);
}

void Notifier::tell(const Condition& condition, Clock::time_point now) {
  const bool is_first = condition.is_ready && !was_ready_;
  const bool is_petting = condition.is_alive && watchdog_ && now >= next_watchdog_;
  const bool has_status = condition.status != status_ && (is_first || now >= next_status_);
  std::string message;
  if (is_first) message += "READY=1\n";
  if (has_status) message += "STATUS=" + one_line(condition.status) + "\n";
  if (is_petting) message += "WATCHDOG=1\n";
  if (message.empty() || !send(message)) return;
  was_ready_ = was_ready_ || is_first;
  if (is_petting) next_watchdog_ = now + *watchdog_ / kTurnsInPatience;
  if (!has_status) return;
  status_ = condition.status;
  next_status_ = now + kStatusInterval;
}

void Notifier::reload_begins() {
  if (was_ready_ && !is_stopping_)
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_us()) + "\n");
}

void Notifier::reload_ends() {
  if (was_ready_ && !is_stopping_ && !send("READY=1\n")) was_ready_ = false;  // the next turn tells it
}

void Notifier::stopping() {
  if (!std::exchange(is_stopping_, true)) send("STOPPING=1\nSTATUS=stopping\n");
}

void Notifier::last_words(std::string_view sentence) { send("STATUS=" + one_line(sentence) + "\n"); }

}  // namespace shmvideo::toolkit
