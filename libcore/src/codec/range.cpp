// SPDX-License-Identifier: Apache-2.0
// The arithmetic stays within 16 bits, so that the compiler makes vector code of it (this file is
// compiled with -O3 for that). The factors are the exact ones to within half a step.
#include "codec/range.hpp"

// Also for the wider vectors that nearly all processors have: half the time. Chosen when the program is
// loaded, which is too early for sanitizers.
#if defined(__x86_64__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define SHMVIDEO_FOR_EACH_WIDTH [[gnu::target_clones("avx2", "default")]]
#else
#define SHMVIDEO_FOR_EACH_WIDTH
#endif

#include <algorithm>

namespace shmvideo::codec {
namespace {

using Wide = std::uint16_t;

template <typename Map>
void map_row(const std::uint8_t* from, std::uint8_t* to, int count, Map map) noexcept {
  for (int i = 0; i < count; ++i) to[i] = static_cast<std::uint8_t>(map(from[i]));
}

/// Clamps to [16, high] and subtracts 16.
Wide above_black(std::uint8_t value, Wide high) noexcept {
  return static_cast<Wide>(std::clamp<Wide>(value, 16, high) - 16);
}

}  // namespace

SHMVIDEO_FOR_EACH_WIDTH void luma_to_full(const std::uint8_t* from, std::uint8_t* to, int count) noexcept {
  // 255 / 219 = 1.1644; 298 / 256 = 1.1641, and 219 * 298 + 192 stays below 2^16.
  map_row(from, to, count,
          [](std::uint8_t v) { return static_cast<Wide>(above_black(v, 235) * 298 + 192) >> 8; });
}

SHMVIDEO_FOR_EACH_WIDTH void luma_to_limited(const std::uint8_t* from, std::uint8_t* to, int count) noexcept {
  map_row(from, to, count, [](std::uint8_t v) { return (static_cast<Wide>(v * 220 + 128) >> 8) + 16; });
}

SHMVIDEO_FOR_EACH_WIDTH void chroma_to_full(const std::uint8_t* from, std::uint8_t* to, int count) noexcept {
  // 255 / 224 = 1.1384; 291 / 256 = 1.1367, which the addend balances so that 128 stays 128.
  map_row(from, to, count,
          [](std::uint8_t v) { return static_cast<Wide>(above_black(v, 240) * 291 + 192) >> 8; });
}

SHMVIDEO_FOR_EACH_WIDTH void chroma_to_limited(const std::uint8_t* from, std::uint8_t* to,
                                               int count) noexcept {
  map_row(from, to, count, [](std::uint8_t v) { return (static_cast<Wide>(v * 225 + 64) >> 8) + 16; });
}

}  // namespace shmvideo::codec
