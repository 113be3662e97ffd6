// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "shmvideo/frame_info.hpp"

namespace shmvideo_test {

/// A frame whose every byte tells its number: 64-bit words number * kMultiplier + position. A single
/// byte of another frame, or out of place, is noticed.
inline std::uint64_t pattern_word(std::uint64_t seed, std::size_t position) {
  return seed * 0x9e3779b97f4a7c15U + position * 0xbf58476d1ce4e5b9U;
}

inline void fill_pattern(std::span<std::byte> bytes, std::uint64_t seed) {
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    const std::uint64_t word = pattern_word(seed, i);
    std::memcpy(bytes.data() + i, &word, 8);
  }
}

inline bool has_pattern(std::span<const std::byte> bytes, std::uint64_t seed) {
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    if (word != pattern_word(seed, i)) return false;
  }
  return true;
}

/// A description of an opaque frame of that many bytes. `source_number` carries the pattern's seed.
inline shmvideo::FrameInfo opaque_info(std::size_t bytes, std::uint64_t seed) {
  shmvideo::FrameInfo info;
  info.payload_bytes = bytes;
  info.fourcc = shmvideo::make_fourcc('T', 'E', 'S', 'T');
  info.source_number = seed;
  return info;
}

}  // namespace shmvideo_test
