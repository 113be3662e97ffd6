// SPDX-License-Identifier: Apache-2.0
#include "source/pattern/number_squares.hpp"

#include <algorithm>

namespace shmvideo::source {
namespace {

constexpr std::uint32_t kStep = 8;
constexpr std::uint32_t kSideMax = 32;
constexpr std::uint8_t kMiddle = 128;

/// Luma, or green of RGB: for white and black that is as good.
std::uint8_t brightness(const Picture& picture, std::uint32_t x, std::uint32_t y) {
  std::size_t offset = x;
  switch (picture.format) {
    case PixelFormat::bgr24:
    case PixelFormat::rgb24:
      offset = std::size_t{x} * 3 + 1;
      break;
    case PixelFormat::yuyv:
      offset = std::size_t{x} * 2;
      break;
    case PixelFormat::uyvy:
      offset = std::size_t{x} * 2 + 1;
      break;
    default:
      break;
  }
  return static_cast<std::uint8_t>(picture.plane[0][std::size_t{y} * picture.stride[0] + offset]);
}

}  // namespace

std::uint32_t square_side(std::uint32_t width, std::uint32_t height) noexcept {
  if (width < 2 * kSquaresLeft) return 0;
  const std::uint32_t side = std::min(kSideMax, (width - 2 * kSquaresLeft) / kSquareCount / kStep * kStep);
  return height >= kSquaresTop + side ? side : 0;
}

std::optional<std::uint16_t> read_number(const Picture& picture) noexcept {
  const std::uint32_t side = square_side(picture.width, picture.height);
  if (side == 0 || is_coded(picture.format)) return std::nullopt;
  unsigned number = 0;
  for (std::uint32_t k = 0; k < kSquareCount; ++k) {
    const std::uint32_t x = kSquaresLeft + k * side + side / 2;
    if (brightness(picture, x, kSquaresTop + side / 2) >= kMiddle) number |= 1U << k;
  }
  return static_cast<std::uint16_t>(number);
}

}  // namespace shmvideo::source
