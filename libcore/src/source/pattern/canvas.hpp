// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "shmvideo/picture.hpp"

namespace shmvideo::source {

struct Rect {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool operator==(const Rect&) const = default;
};

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
};

/// A BGR24 picture to draw on. Whatever lies outside it is cut off.
class Canvas {
 public:
  Canvas(std::uint32_t width, std::uint32_t height);
  std::uint32_t width() const noexcept { return width_; }
  std::uint32_t height() const noexcept { return height_; }
  Picture picture() const noexcept;

  void fill(Rect rect, Colour colour) noexcept;
  /// What codec/glyphs.hpp has, each in a cell of kGlyphColumns x kGlyphRows dots that
  /// are `dot` pixels wide and high; other characters are blanks. The top left corner is (x, y).
  void text(std::uint32_t x, std::uint32_t y, std::uint32_t dot, std::string_view text,
            Colour colour) noexcept;

  static constexpr std::uint32_t kGlyphColumns = 6;  ///< the sixth stays empty
  static constexpr std::uint32_t kGlyphRows = 7;

 private:
  std::uint32_t width_;
  std::uint32_t height_;
  std::vector<std::byte> bytes_;
};

}  // namespace shmvideo::source
