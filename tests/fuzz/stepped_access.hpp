// SPDX-License-Identifier: Apache-2.0
// In the place of the functions of segment/shared_memory_access.hpp (SHMVIDEO_SCHEDULED there): each access
// to shared words is a step, and between any two of them a hostile writer may do something. Made for one
// thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace shmvideo_test {
/// Called before each access to shared memory; reader_scene.cpp has what happens then.
void step_of_hostile_writer() noexcept;
}  // namespace shmvideo_test

namespace shmvideo::shared {

template <typename T>
inline T load_relaxed(const T& word) noexcept {
  shmvideo_test::step_of_hostile_writer();
  return __atomic_load_n(&word, __ATOMIC_SEQ_CST);
}
template <typename T>
inline T load_acquire(const T& word) noexcept {
  return load_relaxed(word);
}
template <typename T>
inline void store_relaxed(T& word, T value) noexcept {
  __atomic_store_n(&word, value, __ATOMIC_SEQ_CST);
}
template <typename T>
inline void store_release(T& word, T value) noexcept {
  store_relaxed(word, value);
}
template <typename T>
inline T fetch_add(T& word, T value) noexcept {
  return __atomic_fetch_add(&word, value, __ATOMIC_SEQ_CST);
}
inline void fence_seq_cst() noexcept { shmvideo_test::step_of_hostile_writer(); }
inline void fence_acquire() noexcept { shmvideo_test::step_of_hostile_writer(); }
inline void fence_release() noexcept {}

/// What is copied is of two halves, with a step in between.
inline void racy_copy(void* to, const void* from, std::size_t bytes) noexcept {
  std::memcpy(to, from, bytes / 2);
  shmvideo_test::step_of_hostile_writer();
  std::memcpy(static_cast<char*>(to) + bytes / 2, static_cast<const char*>(from) + bytes / 2,
              bytes - bytes / 2);
}

inline void copy_words(void* to, const void* from, std::size_t bytes) noexcept {
  auto* out = static_cast<std::uint64_t*>(to);
  const auto* in = static_cast<const std::uint64_t*>(from);
  for (std::size_t i = 0; i < bytes / 8; ++i) {
    shmvideo_test::step_of_hostile_writer();
    out[i] = __atomic_load_n(in + i, __ATOMIC_SEQ_CST);
  }
}

}  // namespace shmvideo::shared
