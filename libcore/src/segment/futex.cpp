// SPDX-License-Identifier: Apache-2.0
#include "segment/futex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <ctime>

#include "segment/clock.hpp"

namespace shmvideo {
namespace {

constexpr std::uint64_t kFallbackSliceNs = 50'000'000;
constexpr long kFutexWaitvNumber = 449;  // the same on every architecture
constexpr std::uint32_t kFutex32 = 2;    // FUTEX_32 / FUTEX2_SIZE_U32

/// struct futex_waitv of linux/futex.h, which headers before Linux 5.16 lack.
struct WaitvEntry {
  std::uint64_t value;
  std::uint64_t address;
  std::uint32_t flags;
  std::uint32_t reserved;
};

timespec to_timespec(std::uint64_t ns) {
  return {static_cast<time_t>(ns / 1'000'000'000U), static_cast<long>(ns % 1'000'000'000U)};
}

/// False if the kernel or a sandbox does not let us.
[[gnu::hot]] bool wait_on_all(std::span<const FutexWord> words, std::uint64_t deadline_ns) noexcept {
  WaitvEntry entries[kFutexWordsMax];
  const std::size_t count = std::min(words.size(), std::size(entries));
  for (std::size_t i = 0; i < count; ++i)
    entries[i] = {words[i].expected, reinterpret_cast<std::uintptr_t>(words[i].address),
                  kFutex32 | (words[i].is_private ? FUTEX_PRIVATE_FLAG : 0U), 0};
  const timespec deadline = to_timespec(deadline_ns);
  const long result = ::syscall(kFutexWaitvNumber, entries, count, 0, &deadline, CLOCK_MONOTONIC);
  return result >= 0 || (errno != ENOSYS && errno != EPERM);
}

[[gnu::hot]] void wait_on_one(const FutexWord& word, std::uint64_t deadline_ns) noexcept {
  // FUTEX_WAIT_BITSET takes an absolute CLOCK_MONOTONIC time, FUTEX_WAIT a relative one.
  const timespec deadline = to_timespec(deadline_ns);
  const int operation = FUTEX_WAIT_BITSET | (word.is_private ? FUTEX_PRIVATE_FLAG : 0);
  ::syscall(SYS_futex, word.address, operation, word.expected, &deadline, nullptr, FUTEX_BITSET_MATCH_ANY);
}

}  // namespace

[[gnu::hot]] void futex_wait(std::span<const FutexWord> words, std::uint64_t deadline_ns) noexcept {
  if (words.size() == 1) return wait_on_one(words.front(), deadline_ns);
  // Asked once per process; a fact of the kernel, not state: every thread finds the same answer.
  static std::atomic<bool> has_waitv{true};
  if (has_waitv.load(std::memory_order_relaxed)) {
    if (wait_on_all(words, deadline_ns)) return;
    has_waitv.store(false, std::memory_order_relaxed);
  }
  wait_on_one(words.front(), std::min(deadline_ns, monotonic_ns() + kFallbackSliceNs));
}

[[gnu::hot]] std::uint32_t futex_wake_all(const std::uint32_t& word, bool is_private) noexcept {
  const int operation = FUTEX_WAKE | (is_private ? FUTEX_PRIVATE_FLAG : 0);
  const long woken = ::syscall(SYS_futex, &word, operation, INT_MAX, nullptr, nullptr, 0);
  return woken > 0 ? static_cast<std::uint32_t>(woken) : 0;
}

}  // namespace shmvideo
