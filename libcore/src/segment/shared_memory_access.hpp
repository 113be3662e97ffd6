// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

/// How words in memory that is shared with other processes are read and written. Compiler builtins
/// rather than std::atomic, because the same words are seen through const (read-only) mappings and
/// from C.
///
/// ThreadSanitizer does not model fences, and gcc refuses them under it. In that build, and only
/// there, every fence is a read-modify-write of one private word and payloads move by acquire loads
/// and release stores; everything that has to do with that stands in this header.
///
/// tests/scheduler names a header in SHMVIDEO_SCHEDULED whose functions of the same names are steps of the
/// machine that it explores this code on.
#ifdef SHMVIDEO_SCHEDULED
#include SHMVIDEO_SCHEDULED
#else
#if defined(__SANITIZE_THREAD__)
#define SHMVIDEO_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SHMVIDEO_TSAN 1
#endif
#endif

namespace shmvideo::shared {

static_assert(__atomic_always_lock_free(8, nullptr), "64-bit words must be lock-free");

template <typename T>
inline T load_relaxed(const T& word) noexcept {
  return __atomic_load_n(&word, __ATOMIC_RELAXED);
}
template <typename T>
inline T load_acquire(const T& word) noexcept {
  return __atomic_load_n(&word, __ATOMIC_ACQUIRE);
}
template <typename T>
inline void store_relaxed(T& word, T value) noexcept {
  __atomic_store_n(&word, value, __ATOMIC_RELAXED);
}
template <typename T>
inline void store_release(T& word, T value) noexcept {
  __atomic_store_n(&word, value, __ATOMIC_RELEASE);
}
template <typename T>
inline T fetch_add(T& word, T value) noexcept {
  return __atomic_fetch_add(&word, value, __ATOMIC_ACQ_REL);
}

#ifdef SHMVIDEO_TSAN
inline std::atomic<int> tsan_fence_word{0};
inline void fence_seq_cst() noexcept { tsan_fence_word.fetch_add(1, std::memory_order_seq_cst); }
inline void fence_acquire() noexcept { fence_seq_cst(); }
inline void fence_release() noexcept { fence_seq_cst(); }
#else
inline void fence_seq_cst() noexcept { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void fence_acquire() noexcept { __atomic_thread_fence(__ATOMIC_ACQUIRE); }
inline void fence_release() noexcept { __atomic_thread_fence(__ATOMIC_RELEASE); }
#endif

/// Copies bytes that another process may be writing, or into bytes that another may be reading; the
/// caller validates afterwards by a sequence word. Formally a race until C++ has byte-wise atomic
/// memcpy (WG21 P1478), so it is confined to this function, and word-wise atomic where it is checked.
inline void racy_copy(void* to, const void* from, std::size_t bytes) noexcept {
#ifdef SHMVIDEO_TSAN
  auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  std::size_t done = 0;
  if (reinterpret_cast<std::uintptr_t>(out) % 8 == 0 && reinterpret_cast<std::uintptr_t>(in) % 8 == 0)
    for (; done + 8 <= bytes; done += 8)
      __atomic_store_n(reinterpret_cast<std::uint64_t*>(out + done),
                       __atomic_load_n(reinterpret_cast<const std::uint64_t*>(in + done), __ATOMIC_ACQUIRE),
                       __ATOMIC_RELEASE);
  for (; done < bytes; ++done)
    __atomic_store_n(out + done, __atomic_load_n(in + done, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
#else
  std::memcpy(to, from, bytes);
#endif
}

/// The same for descriptors and other structs made of 64-bit words: each word is read or written
/// once, whole.
inline void copy_words(void* to, const void* from, std::size_t bytes) noexcept {
  auto* out = static_cast<std::uint64_t*>(to);
  const auto* in = static_cast<const std::uint64_t*>(from);
  for (std::size_t i = 0; i < bytes / 8; ++i) {
#ifdef SHMVIDEO_TSAN
    __atomic_store_n(out + i, __atomic_load_n(in + i, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
#else
    __atomic_store_n(out + i, __atomic_load_n(in + i, __ATOMIC_RELAXED), __ATOMIC_RELAXED);
#endif
  }
}

}  // namespace shmvideo::shared
#endif  // SHMVIDEO_SCHEDULED
