// SPDX-License-Identifier: Apache-2.0
#include "transport/event_notifier.hpp"

#include <pthread.h>
#include <sys/eventfd.h>

#include <cerrno>

#include "segment/clock.hpp"
#include "segment/futex.hpp"
#include "segment/system_error.hpp"
#include "transport/quiet_thread.hpp"

namespace shmvideo {
namespace {

/// Waits on the directory end after 50 ms at most.
constexpr std::uint32_t kWaitsPerLook = 5;

}  // namespace

EventNotifier::EventNotifier(std::shared_ptr<const Generation> generation)
    : event_(::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC)), generation_(std::move(generation)) {
  if (!event_) throw system_error("cannot make an event descriptor", errno);
  thread_ = start_quiet_thread([this] { run(); });
}

EventNotifier::~EventNotifier() {
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  change_.interrupt();
  thread_.join();
}

void EventNotifier::watch(std::shared_ptr<const Generation> generation) {
  {
    const std::lock_guard guard(mutex_);
    generation_ = std::move(generation);
  }
  change_.interrupt();
}

void EventNotifier::signal() noexcept {
  const std::uint64_t one = 1;
  // Full (EAGAIN) means that it is readable already.
  [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof one);
}

void EventNotifier::run() noexcept {
  ::pthread_setname_np(::pthread_self(), "shmv-notifier");
  DirectoryWatch directory;
  for (;;) {
    const std::uint32_t change = change_.count();
    std::shared_ptr<const Generation> generation;
    {
      const std::lock_guard guard(mutex_);
      if (stopping_) return;
      generation = generation_;
    }
    WakeWords seen = WakeWords::of(*generation);
    std::uint32_t waits = 0;
    signal();  // whatever was published before we looked
    while (change_.count() == change) {
      if (generation->fate() != Fate::live) {
        // Nothing to sleep on. The reader looks for a successor whenever we signal: when a file appeared,
        // and now and then, should it be somewhere that tells nothing.
        if (directory.wait(UINT64_MAX) || ++waits % kWaitsPerLook == 0) signal();
        continue;
      }
      wait_for_change(*generation, seen, change_, change, monotonic_ns(), UINT64_MAX, 0);
      const WakeWords now = WakeWords::of(*generation);
      // We may be the one sleeper that the kernel woke.
      if (now.owner != seen.owner) pass_on_death(*generation);
      if (now != seen || generation->is_replaced()) signal();
      seen = now;
    }
  }
}

}  // namespace shmvideo
