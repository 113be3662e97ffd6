// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "shmvideo/picture.hpp"

namespace shmvideo::codec {

/// How many rows are converted or encoded at a time. Even, so that strips of 4:2:0 begin on a chroma row;
/// few, so that a strip of 4K stays in the cache.
constexpr std::uint32_t kStripRows = 16;

/// `count` rows of `picture` from row `first`, which is even. Borrows what the picture borrows.
template <typename Byte>
BasicPicture<Byte> rows_of(BasicPicture<Byte> picture, std::uint32_t first, std::uint32_t count) {
  const PixelFormatInfo& info = info_of(picture.format);
  for (unsigned i = 0; i < info.plane_count; ++i) {
    picture.plane[i] += std::size_t{picture.stride[i]} * (first >> info.planes[i].vertical_shift);
  }
  picture.height = count;
  return picture;
}

}  // namespace shmvideo::codec
