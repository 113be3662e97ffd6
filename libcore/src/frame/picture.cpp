// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/picture.hpp"

namespace shmvideo {
namespace {

// FrameInfo::colour_range
constexpr std::uint8_t kLimitedRange = 1;
constexpr std::uint8_t kFullRange = 2;

bool is_valid_size(std::uint32_t width, std::uint32_t height) {
  return width > 0 && width <= SHMV_DIMENSION_MAX && height > 0 && height <= SHMV_DIMENSION_MAX;
}

bool is_yuv(PixelFormat format) {
  return format == PixelFormat::yuyv || format == PixelFormat::uyvy || format == PixelFormat::nv12 ||
         format == PixelFormat::i420;
}

template <typename Byte>
std::optional<BasicPicture<Byte>> see_picture(const FrameInfo& info, std::span<Byte> bytes) noexcept {
  const auto format = pixel_format_from_fourcc(info.fourcc);
  if (!format || is_coded(*format) || !is_valid_size(info.width, info.height)) return std::nullopt;
  const unsigned planes = info_of(*format).plane_count;
  if (info.plane_count != planes) return std::nullopt;

  BasicPicture<Byte> picture{*format, info.width, info.height, {}, {}, info.colour_range == kFullRange};
  for (unsigned i = 0; i < planes; ++i) {
    const std::uint64_t offset = info.plane_offset[i];
    const std::uint64_t stride = info.plane_stride[i];
    const std::uint64_t row_bytes = plane_row_bytes(*format, i, info.width);
    const std::uint64_t rows = plane_rows(*format, i, info.height);
    if (stride < row_bytes || offset > bytes.size()) return std::nullopt;
    // At most 2^16 rows of 2^32 bytes: the sum stays below 2^49. The last row needs no full stride.
    if (stride * (rows - 1) + row_bytes > bytes.size() - offset) return std::nullopt;
    picture.plane[i] = bytes.data() + offset;
    picture.stride[i] = info.plane_stride[i];
  }
  return picture;
}

}  // namespace

FrameInfo packed_frame_info(PixelFormat format, std::uint32_t width, std::uint32_t height) noexcept {
  FrameInfo info;
  info.fourcc = info_of(format).fourcc;
  info.width = width;
  info.height = height;
  info.plane_count = info_of(format).plane_count;
  if (info.plane_count > 0) info.colour_range = is_yuv(format) ? kLimitedRange : kFullRange;
  if (!is_valid_size(width, height)) return info;
  for (unsigned i = 0; i < info.plane_count; ++i) {
    info.plane_offset[i] = info.payload_bytes;
    info.plane_stride[i] = plane_row_bytes(format, i, width);
    info.payload_bytes += std::uint64_t{info.plane_stride[i]} * plane_rows(format, i, height);
  }
  return info;
}

std::optional<Picture> as_picture(const FrameInfo& info, std::span<const std::byte> bytes) noexcept {
  return see_picture(info, bytes);
}

std::optional<MutablePicture> as_picture(const FrameInfo& info, std::span<std::byte> bytes) noexcept {
  return see_picture(info, bytes);
}

}  // namespace shmvideo
