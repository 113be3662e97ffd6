// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace shmvideo {

/// A word to sleep on and the value that it had when the sleeper last looked.
struct FutexWord {
  const std::uint32_t* address = nullptr;
  std::uint32_t expected = 0;
  bool is_private = false;  ///< In this process's own memory.
};

/// As many words as Linux waits for at once.
constexpr std::size_t kFutexWordsMax = 128;

/// Sleeps until one of the words (at most kFutexWordsMax) differs from what was expected or is woken, or until
/// `deadline_ns` (CLOCK_MONOTONIC). May return early for no reason. Works on read-only mappings; a
/// mapping that was truncated away makes it return, not crash. Without futex_waitv (Linux 5.16, or
/// forbidden by a sandbox) it sleeps on the first word alone, 50 ms at most, so callers look again.
void futex_wait(std::span<const FutexWord> words, std::uint64_t deadline_ns) noexcept;

/// Wakes everybody who sleeps on the word; returns how many that were.
std::uint32_t futex_wake_all(const std::uint32_t& word, bool is_private = false) noexcept;

}  // namespace shmvideo
