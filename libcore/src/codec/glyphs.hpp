// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace shmvideo::codec {

inline constexpr std::uint32_t kGlyphDots = 5;  ///< from left to right
inline constexpr std::uint32_t kGlyphRows = 7;

/// Seven rows of five dots, the leftmost dot in bit 4.
using GlyphRows = std::array<std::uint8_t, kGlyphRows>;

/// Letters, digits and what stands between them in a sentence. Null: a blank, or a character that has no
/// glyph.
const GlyphRows* glyph_of(char character) noexcept;

}  // namespace shmvideo::codec
