// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "segment/created_segment.hpp"

namespace shmvideo {

/// The thread that stands beside one written generation. It
///  - owns the robust word: when it dies, the kernel marks the word and wakes a reader, at once and
///    whatever killed the process (one robust list serves one thread, hence one thread a segment);
///  - stores the heartbeat, which stops when the process is stopped;
///  - wakes the readers when they are many, so that publishing costs the same with 100 as with 1;
///  - notices when the file was unlinked or cut short behind our back.
class Attendant {
 public:
  /// Returns when the owner word is set. Borrows the segment. Throws Error(system) if there is no thread
  /// to be had.
  explicit Attendant(CreatedSegment& segment);
  /// Ends in good order: the owner word is given up.
  ~Attendant();
  Attendant(const Attendant&) = delete;
  Attendant& operator=(const Attendant&) = delete;

  /// Wakes every sleeper: in this thread while they are few, else by the attendant.
  void wake_readers() noexcept;
  /// The publishing thread is through with the frame for which it had the readers woken.
  void has_published() noexcept { is_publishing_.store(false, std::memory_order_release); }
  /// False once the segment's name no longer leads to it.
  bool is_segment_intact() const noexcept { return intact_.load(std::memory_order_relaxed); }

 private:
  void run() noexcept;
  void keep_time(std::uint64_t now, std::uint64_t turn) noexcept;
  void wake_now() noexcept;
  void let_publishing_end() const noexcept;

  CreatedSegment& segment_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> intact_{true};
  std::atomic<bool> is_publishing_{false};
  std::atomic<std::uint32_t> sleepers_{0};  // woken by the last wake-up
  std::uint32_t request_ = 0;               // futex word of this process: changes with every request
  std::uint32_t ready_ = 0;                 // futex word of this process: 1 when the owner word is set
  std::thread thread_;
};

}  // namespace shmvideo
