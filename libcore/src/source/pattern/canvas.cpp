// SPDX-License-Identifier: Apache-2.0
#include "source/pattern/canvas.hpp"

#include <algorithm>
#include <array>

namespace shmvideo::source {
namespace {

/// Seven rows of five dots, the leftmost dot in bit 4.
struct Glyph {
  char character;
  std::array<std::uint8_t, Canvas::kGlyphRows> rows;
};

constexpr Glyph kFont[] = {
    {'0', {0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110}},
    {'1', {0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110}},
    {'2', {0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111}},
    {'3', {0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110}},
    {'4', {0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010}},
    {'5', {0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110}},
    {'6', {0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110}},
    {'7', {0b11111, 0b00001, 0b00010, 0b00100, 0b00100, 0b01000, 0b01000}},
    {'8', {0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110}},
    {'9', {0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100}},
    {':', {0b00000, 0b00100, 0b00100, 0b00000, 0b00100, 0b00100, 0b00000}},
    {'.', {0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b01100, 0b01100}},
    {'-', {0b00000, 0b00000, 0b00000, 0b11111, 0b00000, 0b00000, 0b00000}},
    {'#', {0b01010, 0b01010, 0b11111, 0b01010, 0b11111, 0b01010, 0b01010}},
};

const Glyph* glyph_of(char character) {
  const auto* found = std::ranges::find(kFont, character, &Glyph::character);
  return found == std::end(kFont) ? nullptr : found;
}

}  // namespace

Canvas::Canvas(std::uint32_t width, std::uint32_t height)
    : width_(width), height_(height), bytes_(std::size_t{width} * height * 3) {}

Picture Canvas::picture() const noexcept {
  return {PixelFormat::bgr24, width_, height_, {bytes_.data()}, {width_ * 3}};
}

void Canvas::fill(Rect rect, Colour colour) noexcept {
  const std::uint32_t right = std::min(width_, rect.x + rect.width);
  const std::uint32_t bottom = std::min(height_, rect.y + rect.height);
  for (std::uint32_t y = rect.y; y < bottom; ++y) {
    std::byte* pixel = bytes_.data() + (std::size_t{y} * width_ + rect.x) * 3;
    for (std::uint32_t x = rect.x; x < right; ++x, pixel += 3) {
      pixel[0] = std::byte{colour.blue};
      pixel[1] = std::byte{colour.green};
      pixel[2] = std::byte{colour.red};
    }
  }
}

void Canvas::text(std::uint32_t x, std::uint32_t y, std::uint32_t dot, std::string_view text,
                  Colour colour) noexcept {
  for (char character : text) {
    if (const Glyph* glyph = glyph_of(character)) {
      for (std::uint32_t row = 0; row < kGlyphRows; ++row) {
        for (std::uint32_t column = 0; column < 5; ++column) {
          if (glyph->rows[row] & (16U >> column)) {
            fill({x + column * dot, y + row * dot, dot, dot}, colour);
          }
        }
      }
    }
    x += kGlyphColumns * dot;
  }
}

}  // namespace shmvideo::source
