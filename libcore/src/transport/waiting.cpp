// SPDX-License-Identifier: Apache-2.0
#include "transport/waiting.hpp"

#include <poll.h>
#include <sys/inotify.h>

#include <algorithm>

#include "segment/clock.hpp"
#include "segment/futex.hpp"

namespace shmvideo {
namespace {

constexpr std::uint64_t kSliceNs = 250'000'000;
/// How often to look for a successor where nothing tells of it.
constexpr std::uint64_t kLookNs = 50'000'000;

}  // namespace

void Interruption::interrupt() noexcept {
  shared::fetch_add(count_, std::uint32_t{1});
  futex_wake_all(count_, true);
  shared::fence_seq_cst();
  // Wakes everybody who sleeps on it, whom it only costs a look. Should it be gone by now, the kernel says
  // so.
  if (const std::uint32_t* word = only_word_.load(std::memory_order_relaxed)) futex_wake_all(*word);
}

[[gnu::hot]] void wait_for_change(const Generation& generation, const WakeWords& seen,
                                  Interruption& interruption, std::uint32_t interrupts_seen,
                                  std::uint64_t now_ns, std::uint64_t deadline_ns,
                                  std::uint64_t due_ns) noexcept {
  const FutexWord frames{&generation.live().notify, seen.notify, false};
  if (now_ns < due_ns) {
    // Told before the count is read again: one of the two threads sees what the other has done.
    interruption.only_word_.store(frames.address, std::memory_order_relaxed);
    shared::fence_seq_cst();
    if (interruption.count() == interrupts_seen) futex_wait({&frames, 1}, std::min(deadline_ns, due_ns));
    interruption.only_word_.store(nullptr, std::memory_order_relaxed);
    if (shared::load_acquire(generation.live().notify) != seen.notify) return;
  }
  const FutexWord words[] = {
      frames, {&generation.live().owner, seen.owner, false}, {&interruption.count_, interrupts_seen, true}};
  futex_wait(words, std::min(deadline_ns, now_ns + kSliceNs));
}

void pass_on_death(const Generation& generation) noexcept { futex_wake_all(generation.live().owner); }

DirectoryWatch::DirectoryWatch() noexcept : inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (!inotify_) return;
  try {
    for (const Place& place : candidate_places())
      ::inotify_add_watch(inotify_.get(), place.directory.c_str(), IN_CREATE | IN_MOVED_TO);
  } catch (const std::exception&) {
    // No memory for a path: then we only sleep.
  }
}

bool DirectoryWatch::wait(std::uint64_t deadline_ns) noexcept {
  const std::uint64_t now = monotonic_ns();
  if (deadline_ns <= now) return false;
  const std::uint64_t sleep_ns = std::min(deadline_ns - now, kLookNs);
  const timespec timeout{0, static_cast<long>(sleep_ns)};
  pollfd watched{inotify_.get(), POLLIN, 0};
  if (::ppoll(&watched, inotify_ ? 1 : 0, &timeout, nullptr) <= 0) return false;
  // What appeared does not matter, only that something did: empty the queue.
  alignas(inotify_event) char events[4096];
  while (::read(inotify_.get(), events, sizeof events) > 0) continue;
  return true;
}

}  // namespace shmvideo
