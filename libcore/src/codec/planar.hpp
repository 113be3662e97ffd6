// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shmvideo/picture.hpp"

namespace shmvideo::codec {

/// Rows of a picture as planes of Y, U and V: what all conversions between YUV and anything else go
/// through. Chroma is always half as wide; with is_422 it has as many rows as luma, else half as many.
struct Planar {
  std::uint8_t* plane[3] = {};
  int stride[3] = {};
  bool is_422 = false;
  bool is_full_range = false;
};

bool is_rgb(PixelFormat format) noexcept;         ///< BGR24, RGB24
bool is_packed_yuv(PixelFormat format) noexcept;  ///< YUYV, UYVY

/// Fills `to`, which has from.width x from.height pixels, and whose is_422 and is_full_range say what
/// is wanted. RGB is converted to the range that is wanted, all others keep theirs: the answer is the
/// range that `to` has now. `argb` is scratch memory of 4 bytes a pixel.
bool load_planar(const Picture& from, const Planar& to, std::uint8_t* argb) noexcept;

/// Writes `from`, which must have the range of `to` (GRAY8: full; RGB: either).
void store_planar(const Planar& from, const MutablePicture& to) noexcept;

/// Changes the range of width x height pixels. `from` and `to` may be the same planes.
void change_range(const Planar& from, const Planar& to, int width, int height) noexcept;

}  // namespace shmvideo::codec
