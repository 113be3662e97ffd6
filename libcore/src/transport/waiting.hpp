// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "segment/generation.hpp"
#include "segment/unique_fd.hpp"

namespace shmvideo {

/// The words of a generation that a reader sleeps on, as it saw them before it looked for frames.
struct WakeWords {
  std::uint32_t notify = 0;
  std::uint32_t owner = 0;
  static WakeWords of(const Generation& generation) noexcept {
    return {shared::load_acquire(generation.live().notify), shared::load_acquire(generation.live().owner)};
  }
  bool operator==(const WakeWords&) const = default;
};

/// One who sleeps, and how another thread of its process ends that.
class Interruption {
 public:
  /// Any thread. Who is about to fall asleep just now may notice it late, after 50 ms at most.
  void interrupt() noexcept;
  std::uint32_t count() const noexcept { return shared::load_acquire(count_); }
  const std::uint32_t& word() const noexcept { return count_; }

 private:
  friend void wait_for_change(const Generation&, const WakeWords&, Interruption&, std::uint32_t,
                              std::uint64_t, std::uint64_t, std::uint64_t) noexcept;
  std::uint32_t count_ = 0;                               // futex word of this process
  std::atomic<const std::uint32_t*> only_word_{nullptr};  // of a segment, while that alone is slept on
};

/// Sleeps until a word changes, `interruption` counts more than `interrupts_seen`, or the
/// deadline. Bounded to 250 ms whatever the deadline: a writer that is killed between publishing and
/// waking wakes nobody.
///
/// Until `due_ns`, when the next frame will be overdue, it sleeps on the word of frames alone, from which
/// waking takes the least, and looks at the others then: a frame that comes as expected is proof of life
/// enough.
void wait_for_change(const Generation& generation, const WakeWords& seen, Interruption& interruption,
                     std::uint32_t interrupts_seen, std::uint64_t now_ns, std::uint64_t deadline_ns,
                     std::uint64_t due_ns) noexcept;

/// The kernel wakes one sleeper when an owner dies; each who notices wakes the rest.
void pass_on_death(const Generation& generation) noexcept;

/// Tells when something appears in the places where segments live. For readers without a writer; where
/// inotify is not to be had it only sleeps. One thread.
class DirectoryWatch {
 public:
  DirectoryWatch() noexcept;
  /// Returns when a file appeared (true), at the deadline, or after 50 ms.
  bool wait(std::uint64_t deadline_ns) noexcept;

 private:
  UniqueFd inotify_;
};

}  // namespace shmvideo
