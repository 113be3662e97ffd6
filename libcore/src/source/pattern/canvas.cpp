// SPDX-License-Identifier: Apache-2.0
#include "source/pattern/canvas.hpp"

#include <algorithm>

#include "codec/glyphs.hpp"

namespace shmvideo::source {

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
    if (const codec::GlyphRows* glyph = codec::glyph_of(character)) {
      for (std::uint32_t row = 0; row < kGlyphRows; ++row) {
        for (std::uint32_t column = 0; column < codec::kGlyphDots; ++column) {
          if ((*glyph)[row] & (16U >> column)) {
            fill({x + column * dot, y + row * dot, dot, dot}, colour);
          }
        }
      }
    }
    x += kGlyphColumns * dot;
  }
}

}  // namespace shmvideo::source
