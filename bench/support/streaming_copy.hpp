// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace shmvideo_bench {

/// memcpy past the caches where there is a way (x86-64), else memcpy. `to` is 16-byte aligned.
inline void streaming_copy(std::byte* to, const std::byte* from, std::size_t bytes) noexcept {
  std::size_t done = 0;
#if defined(__x86_64__)
  for (; done + 64 <= bytes; done += 64)
    for (std::size_t part = 0; part < 64; part += 16)
      _mm_stream_si128(reinterpret_cast<__m128i*>(to + done + part),
                       _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + done + part)));
  _mm_sfence();
#endif
  std::memcpy(to + done, from + done, bytes - done);
}

}  // namespace shmvideo_bench
