// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// Sleeps until a word changes, `interrupt` (of this process) differs from `interrupt_seen`, or the
/// deadline. Bounded to 250 ms whatever the deadline: a writer that is killed between publishing and
/// waking wakes nobody.
void wait_for_change(const Generation& generation, const WakeWords& seen, const std::uint32_t& interrupt,
                     std::uint32_t interrupt_seen, std::uint64_t deadline_ns) noexcept;

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
