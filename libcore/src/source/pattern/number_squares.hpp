// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "shmvideo/picture.hpp"

namespace shmvideo::source {

/// A number modulo 65536 as 16 squares in a row, from the pixel (16, 16): square k is white when bit k
/// is set, else black, and begins at x = 16 + k * side. Their corners and sizes are multiples of 8, so
/// that each is made of whole JPEG blocks and survives any quality.
constexpr std::uint32_t kSquaresLeft = 16;
constexpr std::uint32_t kSquaresTop = 16;
constexpr std::uint32_t kSquareCount = 16;

/// The side of a square in pixels: the largest multiple of 8, at most 32, with which all 16 fit
/// between margins of 16 pixels: 32 from a width of 544 on, 24 from 416, 16 from 288, 8 from 160. For
/// a narrower picture, or one that is too low for them, it is 0: there are no squares.
std::uint32_t square_side(std::uint32_t width, std::uint32_t height) noexcept;

/// The number in a raw picture of any format; nothing if the picture is too small for squares. Reads
/// the middle of each square and compares it with 128: it cannot tell whether there are any.
std::optional<std::uint16_t> read_number(const Picture& picture) noexcept;

}  // namespace shmvideo::source
