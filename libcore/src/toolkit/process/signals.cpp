// SPDX-License-Identifier: Apache-2.0
#include "toolkit/process/signals.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <iterator>
#include <limits>

#include "shmvideo/error.hpp"

namespace shmvideo::toolkit {
namespace {

// What the handler may touch: lock-free atomics and a descriptor.
std::atomic<int> event_descriptor{-1};
std::atomic<int> first_signal{0};
std::atomic<bool> is_requested{false};
std::atomic<std::int64_t> first_time_ns{0};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

constexpr std::int64_t kSameWishNs = 250'000'000;
constexpr int kStopSignals[] = {SIGINT, SIGTERM};
struct sigaction previous_stop[std::size(kStopSignals)];
struct sigaction previous_pipe;

std::atomic<int> reload_descriptor{-1};
std::atomic<bool> had_terminal{false};
struct sigaction previous_hang_up;

std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);  // async-signal-safe
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void make_readable(const std::atomic<int>& descriptor) {
  const std::uint64_t one = 1;
  // It can only fail when the counter is full, and then the descriptor is readable anyway.
  [[maybe_unused]] const ssize_t written = ::write(descriptor.load(), &one, sizeof one);
}

/// open(2) may be called in a handler. Once the terminal has hung up, it fails with ENXIO.
bool has_terminal() {
  const int descriptor = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return false;
  ::close(descriptor);
  return true;
}

int new_event(const char* what) {
  const int descriptor = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) throw Error(ErrorCode::system, what, errno);
  return descriptor;
}

void on_stop_signal(int number) {
  const int saved_errno = errno;
  int none = 0;
  if (first_signal.compare_exchange_strong(none, number)) {
    first_time_ns.store(now_ns());
    is_requested.store(true);
    make_readable(event_descriptor);
  } else if (now_ns() - first_time_ns.load() >= kSameWishNs) {
    // Ends by this very signal as soon as the handler returns, so that the parent sees the cause.
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
  errno = saved_errno;
}

void on_hang_up(int number) {
  const int saved_errno = errno;
  if (had_terminal.load() && !has_terminal())
    on_stop_signal(number);
  else
    make_readable(reload_descriptor);
  errno = saved_errno;
}

}  // namespace

StopRequest::StopRequest() {
  event_descriptor = new_event("cannot make an eventfd for signals");
  first_signal = 0;
  is_requested = false;
  struct sigaction action {};
  action.sa_handler = on_stop_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < std::size(kStopSignals); ++i)
    sigaction(kStopSignals[i], &action, &previous_stop[i]);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &previous_pipe);
}

StopRequest::~StopRequest() {
  for (std::size_t i = 0; i < std::size(kStopSignals); ++i)
    sigaction(kStopSignals[i], &previous_stop[i], nullptr);
  sigaction(SIGPIPE, &previous_pipe, nullptr);
  ::close(event_descriptor.exchange(-1));
}

bool StopRequest::is_set() const noexcept { return is_requested.load(); }
int StopRequest::signal() const noexcept { return first_signal.load(); }
int StopRequest::fd() const noexcept { return event_descriptor.load(); }

bool StopRequest::wait_for(std::chrono::nanoseconds timeout) const noexcept {
  const auto deadline = now_ns() + std::clamp<std::int64_t>(timeout.count(), 0, std::int64_t{1} << 60);
  while (!is_set()) {
    const auto left = deadline - now_ns();
    if (left <= 0) break;
    const timespec limit{static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
    pollfd wanted{fd(), POLLIN, 0};
    ::ppoll(&wanted, 1, &limit, nullptr);
  }
  return is_set();
}

void StopRequest::set() noexcept {
  is_requested.store(true);
  make_readable(event_descriptor);
}

ReloadRequest::ReloadRequest() {
  reload_descriptor = new_event("cannot make an eventfd for SIGHUP");
  had_terminal = has_terminal();
  struct sigaction action {};
  action.sa_handler = on_hang_up;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGHUP, &action, &previous_hang_up);
  // nohup(1): who ignores the terminal's end means to outlive it.
  if (previous_hang_up.sa_handler == SIG_IGN) sigaction(SIGHUP, &previous_hang_up, nullptr);
}

ReloadRequest::~ReloadRequest() {
  sigaction(SIGHUP, &previous_hang_up, nullptr);
  ::close(reload_descriptor.exchange(-1));
}

int ReloadRequest::fd() const noexcept { return reload_descriptor.load(); }

bool ReloadRequest::take() noexcept {
  std::uint64_t signals = 0;
  return ::read(fd(), &signals, sizeof signals) == static_cast<ssize_t>(sizeof signals);
}

}  // namespace shmvideo::toolkit
