// SPDX-License-Identifier: Apache-2.0
#pragma once

// Stands in for the body of segment/shared_memory_access.hpp where SHMVIDEO_SCHEDULED is defined: the same
// functions, each of them a step of the machine that explores the code which calls them.

#include <cstddef>
#include <cstdint>
#include <source_location>

namespace scheduler {

enum class Order : std::uint8_t;
std::uint64_t scheduled_load(const void* address, unsigned bytes, bool acquires, const char* site);
void scheduled_store(void* address, unsigned bytes, std::uint64_t value, bool releases, const char* site);
std::uint64_t scheduled_fetch_add(void* address, unsigned bytes, std::uint64_t operand, const char* site);
void scheduled_fence(const char* operation, const char* site);

}  // namespace scheduler

namespace shmvideo::shared {

using At = std::source_location;

template <typename T>
inline T load_relaxed(const T& word, At at = At::current()) noexcept {
  return static_cast<T>(scheduler::scheduled_load(&word, sizeof word, false, at.function_name()));
}
template <typename T>
inline T load_acquire(const T& word, At at = At::current()) noexcept {
  return static_cast<T>(scheduler::scheduled_load(&word, sizeof word, true, at.function_name()));
}
template <typename T>
inline void store_relaxed(T& word, T value, At at = At::current()) noexcept {
  scheduler::scheduled_store(&word, sizeof word, static_cast<std::uint64_t>(value), false,
                             at.function_name());
}
template <typename T>
inline void store_release(T& word, T value, At at = At::current()) noexcept {
  scheduler::scheduled_store(&word, sizeof word, static_cast<std::uint64_t>(value), true, at.function_name());
}
template <typename T>
inline T fetch_add(T& word, T value, At at = At::current()) noexcept {
  return static_cast<T>(scheduler::scheduled_fetch_add(&word, sizeof word, static_cast<std::uint64_t>(value),
                                                       at.function_name()));
}

inline void fence_seq_cst(At at = At::current()) noexcept {
  scheduler::scheduled_fence("fence_seq_cst", at.function_name());
}
inline void fence_acquire(At at = At::current()) noexcept {
  scheduler::scheduled_fence("fence_acquire", at.function_name());
}
inline void fence_release(At at = At::current()) noexcept {
  scheduler::scheduled_fence("fence_release", at.function_name());
}

/// Word by word, in any order that the machine likes, as memcpy may.
inline void copy_words(void* to, const void* from, std::size_t bytes, At at = At::current()) noexcept {
  auto* out = static_cast<std::uint64_t*>(to);
  const auto* in = static_cast<const std::uint64_t*>(from);
  for (std::size_t i = 0; i < bytes / 8; ++i)
    scheduler::scheduled_store(out + i, 8, scheduler::scheduled_load(in + i, 8, false, at.function_name()),
                               false, at.function_name());
}
inline void racy_copy(void* to, const void* from, std::size_t bytes, At at = At::current()) noexcept {
  copy_words(to, from, bytes, at);
  const std::size_t whole = bytes / 8 * 8;
  __builtin_memcpy(static_cast<char*>(to) + whole, static_cast<const char*>(from) + whole, bytes - whole);
}

}  // namespace shmvideo::shared
