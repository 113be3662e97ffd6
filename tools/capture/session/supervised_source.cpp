// SPDX-License-Identifier: Apache-2.0
#include "session/supervised_source.hpp"

#include <utility>

namespace shmvideo::capture {

SupervisedSource::SupervisedSource(SourceFactory factory, Watchdog& watchdog) noexcept
    : factory_(std::move(factory)), watchdog_(watchdog) {}

SupervisedSource::~SupervisedSource() = default;

void SupervisedSource::open(const CallLimits& limits) {
  set_limits(limits);
  // Watched from here: loading a library is part of making some sources.
  const Watchdog::Watch watch(watchdog_, limits_.open);
  auto fresh = factory_();
  {
    const std::lock_guard lock(mutex_);
    source_ = std::move(fresh);
    if (is_shut_) source_->interrupt();
  }
  source_->open();
}

void SupervisedSource::retire() noexcept {
  std::unique_ptr<source::FrameSource> old;
  {
    const std::lock_guard lock(mutex_);
    old = std::move(source_);
  }
  if (!old) return;
  const Watchdog::Watch watch(watchdog_, limits_.frame);
  // Whatever it says to its device or server at its end need not be waited for.
  old->interrupt();
  old.reset();
}

source::WaitStatus SupervisedSource::wait() noexcept {
  const Watchdog::Watch watch(watchdog_, limits_.frame);
  return source_->wait();
}

source::FillStatus SupervisedSource::fill(std::span<std::byte> slot, FrameInfo& info) noexcept {
  const Watchdog::Watch watch(watchdog_, limits_.frame);
  return source_->fill(slot, info);
}

void SupervisedSource::interrupt() noexcept {
  const std::lock_guard lock(mutex_);
  if (source_) source_->interrupt();
}

void SupervisedSource::shut() noexcept {
  const std::lock_guard lock(mutex_);
  is_shut_ = true;
  if (source_) source_->interrupt();
}

}  // namespace shmvideo::capture
