// SPDX-License-Identifier: Apache-2.0
#include "session/watchdog.hpp"

#include <algorithm>
#include <utility>

namespace shmvideo::capture {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kTickMax = 250ms;
constexpr std::chrono::nanoseconds kTickMin = 5ms;

std::chrono::nanoseconds tick_for(std::chrono::nanoseconds shortest) {
  return shortest == 0ns ? kTickMax : std::clamp(shortest / 8, kTickMin, kTickMax);
}

}  // namespace

Watchdog::Watchdog(Duties duties, std::chrono::nanoseconds shortest, std::chrono::nanoseconds grace)
    : duties_(std::move(duties)), grace_(grace), tick_(tick_for(shortest)) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    ending_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Watchdog::start() {
  thread_ = std::thread([this] { run(); });
}

Watchdog::Watch::Watch(Watchdog& watchdog, std::chrono::nanoseconds limit) noexcept : watchdog_(watchdog) {
  if (limit == 0ns) return;
  const std::lock_guard lock(watchdog_.mutex_);
  watchdog_.stage_ = Stage::running;
  watchdog_.since_ = Clock::now();
  watchdog_.limit_ = limit;
}

Watchdog::Watch::~Watch() {
  const std::lock_guard lock(watchdog_.mutex_);
  watchdog_.stage_ = Stage::idle;
}

/// The duty that the watched call is due for; the time until the next one counts from now.
const std::function<void()>* Watchdog::due(Clock::time_point now) {
  if (stage_ == Stage::running && now - since_ > limit_) {
    stage_ = Stage::overdue;
    since_ = now;
    return &duties_.on_overdue;
  }
  if (stage_ == Stage::overdue && now - since_ > grace_) {
    stage_ = Stage::stuck;
    return &duties_.on_stuck;
  }
  return nullptr;
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, tick_, [this] { return is_ending_; })) {
    const std::function<void()>* duty = due(Clock::now());
    lock.unlock();
    duties_.on_tick();
    if (duty) (*duty)();
    lock.lock();
  }
}

}  // namespace shmvideo::capture
