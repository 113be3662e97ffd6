// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdint>

#include "support/numbers.hpp"

namespace shmvideo_bench {

/// The least that can wake processes: one word, and the times at which it was changed. What the
/// segment's way is measured against. Lives in shared memory; starts as zeroes.
struct BareFutex {
  static constexpr std::uint32_t kStamps = 256;
  alignas(64) std::atomic<std::uint32_t> word;
  alignas(64) std::atomic<std::uint64_t> stamp_ns[kStamps];

  /// Sleeps while the word is `seen`; returns what it is then.
  std::uint32_t wait(std::uint32_t seen) noexcept {
    for (;;) {
      if (const std::uint32_t now = word.load(std::memory_order_acquire); now != seen) return now;
      ::syscall(SYS_futex, &word, FUTEX_WAIT, seen, nullptr, nullptr, 0);
    }
  }
  /// Changes the word to the next value and notes the time from which latency counts. Wakes nobody.
  void advance(std::uint64_t stamp) noexcept {
    const std::uint32_t value = word.load(std::memory_order_relaxed) + 1;
    stamp_ns[value % kStamps].store(stamp, std::memory_order_relaxed);
    word.store(value, std::memory_order_release);
  }
  void wake_all() noexcept { ::syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0); }

  /// Waits for the following `count` values; notes in `latency_us` when each was seen, as far as it was.
  void wait_for(std::uint32_t from, std::uint32_t count, float* latency_us) noexcept {
    for (std::uint32_t seen = from; seen != from + count;) {
      seen = wait(seen);
      const std::uint64_t now = now_ns();
      const std::uint64_t then = stamp_ns[seen % kStamps].load(std::memory_order_relaxed);
      latency_us[seen - from - 1] = static_cast<float>(now - then) * 1e-3F;
    }
  }
};

}  // namespace shmvideo_bench
