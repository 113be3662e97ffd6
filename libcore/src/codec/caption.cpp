// SPDX-License-Identifier: Apache-2.0
#include "codec/caption.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "codec/glyphs.hpp"

namespace shmvideo::codec {
namespace {

constexpr unsigned char kInk = 235;
constexpr unsigned char kBand = 16;
constexpr unsigned char kNoColour = 128;
/// In dots: from one character to the next, from one line to the next, and around all of them.
constexpr std::uint32_t kAdvance = kGlyphDots + 1;
constexpr std::uint32_t kLeading = kGlyphRows + 4;
constexpr std::uint32_t kMargin = 4;
/// A picture is at least so many dots high.
constexpr std::uint32_t kDotsPerHeight = 150;

unsigned char* row_of(const MutablePicture& picture, unsigned plane, std::uint32_t row) noexcept {
  return reinterpret_cast<unsigned char*>(picture.plane[plane]) + std::size_t{row} * picture.stride[plane];
}

/// Rows of luma from `top` on, and of chroma with them.
void draw_band(const MutablePicture& picture, std::uint32_t top, std::uint32_t rows) noexcept {
  const std::uint32_t bottom = std::min(picture.height, top + rows);
  for (std::uint32_t y = top; y < bottom; ++y) {
    std::memset(row_of(picture, 0, y), kBand, picture.width);
    std::memset(row_of(picture, 1, y / 2), kNoColour, (picture.width + 1) / 2);
    std::memset(row_of(picture, 2, y / 2), kNoColour, (picture.width + 1) / 2);
  }
}

/// A square of luma, as far as it lies in the picture.
void draw_dot(const MutablePicture& picture, std::uint32_t x, std::uint32_t y, std::uint32_t side) noexcept {
  if (x >= picture.width) return;
  const std::uint32_t width = std::min(side, picture.width - x);
  for (std::uint32_t row = y; row < std::min(picture.height, y + side); ++row) {
    std::memset(row_of(picture, 0, row) + x, kInk, width);
  }
}

void draw_line(const MutablePicture& picture, std::uint32_t x, std::uint32_t y, std::uint32_t dot,
               std::string_view text) noexcept {
  for (const char character : text) {
    if (const GlyphRows* glyph = glyph_of(character)) {
      for (std::uint32_t i = 0; i < kGlyphRows * kGlyphDots; ++i) {
        const std::uint32_t row = i / kGlyphDots, column = i % kGlyphDots;
        if (((*glyph)[row] & (16U >> column)) != 0) draw_dot(picture, x + column * dot, y + row * dot, dot);
      }
    }
    x += kAdvance * dot;
  }
}

}  // namespace

void darken(const MutablePicture& picture) noexcept {
  for (std::uint32_t y = 0; y < picture.height; ++y) {
    unsigned char* row = row_of(picture, 0, y);
    for (std::uint32_t x = 0; x < picture.width; ++x) row[x] = static_cast<unsigned char>(row[x] * 2 / 5);
  }
  for (const unsigned plane : {1U, 2U}) {
    for (std::uint32_t y = 0; y < (picture.height + 1) / 2; ++y) {
      unsigned char* row = row_of(picture, plane, y);
      for (std::uint32_t x = 0; x < (picture.width + 1) / 2; ++x) {
        row[x] = static_cast<unsigned char>((row[x] + 3 * kNoColour) / 4);
      }
    }
  }
}

void draw_caption(const MutablePicture& picture, std::span<const std::string> lines) noexcept {
  if (lines.empty()) return;
  std::uint32_t longest = 1;
  for (const std::string& line : lines) longest = std::max(longest, static_cast<std::uint32_t>(line.size()));
  const auto count = static_cast<std::uint32_t>(lines.size());
  const std::uint32_t dots_high = count * kLeading - (kLeading - kGlyphRows) + 2 * kMargin;
  const std::uint32_t dot = std::max(std::min({picture.width / (longest * kAdvance + kMargin),
                                               picture.height / dots_high, picture.height / kDotsPerHeight}),
                                     1U);
  const std::uint32_t height = std::min(dots_high * dot, picture.height);
  // Even, as a row of chroma belongs to two of luma.
  const std::uint32_t top = (picture.height - height) / 2 & ~1U;
  draw_band(picture, top, height);
  std::uint32_t y = top + kMargin * dot;
  for (const std::string& line : lines) {
    const auto width = static_cast<std::uint32_t>(line.size()) * kAdvance * dot;
    draw_line(picture, width < picture.width ? (picture.width - width) / 2 : 0, y, dot, line);
    y += kLeading * dot;
  }
}

}  // namespace shmvideo::codec
