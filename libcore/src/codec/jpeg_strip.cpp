// SPDX-License-Identifier: Apache-2.0
#include "codec/jpeg_strip.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace shmvideo::codec {
namespace {

constexpr std::uint32_t kBlockPixels = 8;

/// Pixels of luma that one row of whole blocks has; with chroma of half the width, that has whole ones too.
std::uint32_t padded_width(std::uint32_t width, bool is_gray) noexcept {
  const std::uint32_t step = is_gray ? kBlockPixels : 2 * kBlockPixels;
  return (width + step - 1) / step * step;
}

}  // namespace

bool JpegStrip::begin(const Picture& picture) noexcept {
  picture_ = picture;
  const PixelFormat format = is_gray() ? PixelFormat::gray8 : PixelFormat::i420;
  const FrameInfo info = packed_frame_info(format, padded_width(picture.width, is_gray()), kStripRows);
  if (info.payload_bytes > memory_bytes_) {
    memory_.reset(new (std::nothrow) std::byte[info.payload_bytes]);
    memory_bytes_ = memory_ ? info.payload_bytes : 0;
  }
  const auto strip = as_picture(info, std::span(memory_.get(), memory_bytes_));
  if (!strip) return false;
  strip_ = *strip;
  strip_.width = picture.width;
  strip_.is_full_range = true;
  return true;
}

/// A block that goes beyond the picture's edge is to hold what costs least: the edge again.
void JpegStrip::pad(const MutablePicture& rows) noexcept {
  for (unsigned i = 0; i < components(); ++i) {
    const std::size_t used = plane_row_bytes(rows.format, i, rows.width);
    for (std::size_t row = 0; row < plane_rows(rows.format, i, rows.height); ++row) {
      std::byte* const begin = rows.plane[i] + row * rows.stride[i];
      std::memset(begin + used, std::to_integer<int>(begin[used - 1]), rows.stride[i] - used);
    }
  }
}

unsigned char*** JpegStrip::rows(std::uint32_t first) noexcept {
  const Picture source = rows_of(picture_, first, std::min(kStripRows, picture_.height - first));
  MutablePicture ready = strip_;
  ready.height = source.height;
  // Copied even where nothing is to be converted: block by block, out of memory that is not in the cache, the
  // encoder is slower by more than the copy costs, which goes row by row (a tenth of the whole,
  // bench/README.md).
  if (!converter_.convert(source, ready)) return nullptr;
  pad(ready);
  for (unsigned i = 0; i < components(); ++i) {
    const std::size_t last = plane_rows(ready.format, i, ready.height) - 1;
    for (std::size_t row = 0; row < kStripRows; ++row) {
      pointers_[i][row] =
          reinterpret_cast<unsigned char*>(ready.plane[i] + std::min(row, last) * ready.stride[i]);
    }
    components_[i] = pointers_[i].data();
  }
  return components_.data();
}

}  // namespace shmvideo::codec
