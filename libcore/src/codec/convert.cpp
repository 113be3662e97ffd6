// SPDX-License-Identifier: Apache-2.0
#include "codec/convert.hpp"

#include <libyuv.h>
#include <libyuv/scale_rgb.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "codec/picture_rows.hpp"
#include "codec/planar.hpp"

namespace shmvideo::codec {
namespace {

using std::uint8_t;

// libyuv counts in int, and steps over two rows at a time.
constexpr std::uint32_t kStrideMax = 1U << 28;
// libyuv's scalers work in 16.16 fixed point, and refuse or overflow beyond.
constexpr std::uint32_t kScaleMax = 32767;

const uint8_t* u8(const std::byte* bytes) { return reinterpret_cast<const uint8_t*>(bytes); }
uint8_t* u8(std::byte* bytes) { return reinterpret_cast<uint8_t*>(bytes); }
int as_int(std::uint32_t value) { return static_cast<int>(value); }

/// Memory that grows and never throws.
class Memory {
 public:
  uint8_t* grow(std::size_t bytes) noexcept {
    if (bytes > bytes_) {
      data_.reset(new (std::nothrow) uint8_t[bytes]);
      bytes_ = data_ ? bytes : 0;
    }
    return data_.get();
  }

 private:
  std::unique_ptr<uint8_t[]> data_;
  std::size_t bytes_ = 0;
};

template <typename Byte>
bool is_usable(const BasicPicture<Byte>& picture) {
  if (is_coded(picture.format) || picture.width == 0 || picture.height == 0) return false;
  if (picture.width > SHMV_DIMENSION_MAX || picture.height > SHMV_DIMENSION_MAX) return false;
  for (unsigned i = 0; i < info_of(picture.format).plane_count; ++i) {
    if (picture.plane[i] == nullptr || picture.stride[i] > kStrideMax) return false;
    if (picture.stride[i] < plane_row_bytes(picture.format, i, picture.width)) return false;
  }
  return true;
}

bool has_same_samples(const Picture& from, const MutablePicture& to) {
  const bool has_range = !is_rgb(from.format) && from.format != PixelFormat::gray8;
  return from.format == to.format && (!has_range || from.is_full_range == to.is_full_range);
}

/// Not by libyuv::CopyPlane: that counts the bytes of a whole plane in an int.
void copy_rows(const Picture& from, const MutablePicture& to) {
  for (unsigned i = 0; i < info_of(from.format).plane_count; ++i) {
    const std::size_t row_bytes = plane_row_bytes(from.format, i, from.width);
    const std::size_t rows = plane_rows(from.format, i, from.height);
    for (std::size_t row = 0; row < rows; ++row) {
      std::memcpy(to.plane[i] + row * to.stride[i], from.plane[i] + row * from.stride[i], row_bytes);
    }
  }
}

void gray_to_rgb(const Picture& from, const MutablePicture& to, uint8_t* argb) {
  const int width = as_int(from.width);
  const int height = as_int(from.height);
  libyuv::J400ToARGB(u8(from.plane[0]), as_int(from.stride[0]), argb, width * 4, width, height);
  libyuv::ARGBToRGB24(argb, width * 4, u8(to.plane[0]), as_int(to.stride[0]), width, height);
}

/// Between BGR24, RGB24 and GRAY8; false if the two are not among these.
bool convert_without_yuv(const Picture& from, const MutablePicture& to, uint8_t* argb) {
  const bool is_to_gray = to.format == PixelFormat::gray8;
  if (is_rgb(from.format) && (is_rgb(to.format) || is_to_gray)) {
    const auto convert = !is_to_gray                         ? libyuv::RAWToRGB24
                         : from.format == PixelFormat::bgr24 ? libyuv::RGB24ToJ400
                                                             : libyuv::RAWToJ400;
    convert(u8(from.plane[0]), as_int(from.stride[0]), u8(to.plane[0]), as_int(to.stride[0]),
            as_int(from.width), as_int(from.height));
    return true;
  }
  if (from.format != PixelFormat::gray8 || !is_rgb(to.format)) return false;
  gray_to_rgb(from, to, argb);
  return true;
}

Planar planes_of(const MutablePicture& i420) {
  Planar planar;
  for (unsigned i = 0; i < 3; ++i) {
    planar.plane[i] = u8(i420.plane[i]);
    planar.stride[i] = as_int(i420.stride[i]);
  }
  planar.is_full_range = i420.is_full_range;
  return planar;
}

/// Only ever read from.
Planar planes_of(const Picture& i420) {
  MutablePicture writable{i420.format, i420.width, i420.height, {}, i420.stride, i420.is_full_range};
  for (unsigned i = 0; i < 3; ++i) writable.plane[i] = const_cast<std::byte*>(i420.plane[i]);
  return planes_of(writable);
}

void convert_through_planes(const Picture& from, const MutablePicture& to, const Planar& scratch,
                            uint8_t* argb) {
  const bool is_to_i420 = to.format == PixelFormat::i420;
  const bool wants_full = is_rgb(to.format)                 ? from.is_full_range
                          : to.format == PixelFormat::gray8 ? true
                                                            : to.is_full_range;
  const bool has_full = is_rgb(from.format)                 ? wants_full
                        : from.format == PixelFormat::gray8 ? true
                                                            : from.is_full_range;
  Planar work = is_to_i420 ? planes_of(to) : scratch;
  work.is_422 = (is_packed_yuv(to.format) && (is_packed_yuv(from.format) || is_rgb(from.format))) ||
                (is_packed_yuv(from.format) && is_rgb(to.format));
  work.is_full_range = has_full;

  Planar loaded = work;
  if (from.format == PixelFormat::i420) {
    loaded = planes_of(from);
  } else {
    load_planar(from, work, argb);
  }
  if (has_full != wants_full) {
    work.is_full_range = wants_full;
    change_range(loaded, work, as_int(from.width), as_int(from.height));
    loaded = work;
  }
  if (!is_to_i420) store_planar(loaded, to);
}

bool has_full_range(const MutablePicture& picture) {
  return picture.format == PixelFormat::gray8 || picture.is_full_range;
}

bool is_scalable(PixelFormat format) { return !is_packed_yuv(format); }

bool can_scale(const Picture& from, const MutablePicture& to) {
  return std::max({from.width, from.height, to.width, to.height}) <= kScaleMax &&
         std::uint64_t{from.stride[0]} * from.height <= INT32_MAX &&
         std::uint64_t{to.stride[0]} * to.height <= INT32_MAX;
}

/// Same format on both sides, one that is_scalable(). Box filtering averages when shrinking, and is
/// bilinear otherwise.
void scale(const Picture& from, const MutablePicture& to) {
  constexpr auto kFilter = libyuv::kFilterBox;
  const int width = as_int(from.width), height = as_int(from.height);
  const int to_width = as_int(to.width), to_height = as_int(to.height);
  const auto source = [&](unsigned i) { return std::pair{u8(from.plane[i]), as_int(from.stride[i])}; };
  const auto target = [&](unsigned i) { return std::pair{u8(to.plane[i]), as_int(to.stride[i])}; };
  const auto [s0, ss0] = source(0);
  const auto [t0, ts0] = target(0);
  switch (from.format) {
    case PixelFormat::bgr24:
    case PixelFormat::rgb24:
      libyuv::RGBScale(s0, ss0, width, height, t0, ts0, to_width, to_height, kFilter);
      return;
    case PixelFormat::gray8:
      libyuv::ScalePlane(s0, ss0, width, height, t0, ts0, to_width, to_height, kFilter);
      return;
    case PixelFormat::nv12:
      libyuv::NV12Scale(s0, ss0, source(1).first, source(1).second, width, height, t0, ts0, target(1).first,
                        target(1).second, to_width, to_height, kFilter);
      return;
    default:
      libyuv::I420Scale(s0, ss0, source(1).first, source(1).second, source(2).first, source(2).second, width,
                        height, t0, ts0, target(1).first, target(1).second, target(2).first, target(2).second,
                        to_width, to_height, kFilter);
  }
}

}  // namespace

struct PictureConverter::Scratch {
  Memory strip;
  Memory unscaled;  // a whole picture, converted to a format that can be scaled
  Memory scaled;    // a whole picture, scaled, not yet converted

  bool convert_same_size(const Picture& from, const MutablePicture& to) noexcept;
  bool convert_scaled(const Picture& from, const MutablePicture& to) noexcept;

  static std::optional<MutablePicture> picture_in(Memory& memory, PixelFormat format, std::uint32_t width,
                                                  std::uint32_t height, bool is_full_range) noexcept {
    const FrameInfo info = packed_frame_info(format, width, height);
    auto* bytes = reinterpret_cast<std::byte*>(memory.grow(info.payload_bytes));
    if (bytes == nullptr) return std::nullopt;
    auto picture = as_picture(info, std::span(bytes, info.payload_bytes));
    if (picture) picture->is_full_range = is_full_range;
    return picture;
  }
};

bool PictureConverter::Scratch::convert_same_size(const Picture& from, const MutablePicture& to) noexcept {
  if (has_same_samples(from, to)) {
    copy_rows(from, to);
    return true;
  }
  const std::size_t stride = (from.width + 63U) / 64 * 64;
  const std::size_t plane_bytes = stride * kStripRows;
  uint8_t* memory = strip.grow(plane_bytes * (3 + 4));
  if (memory == nullptr) return false;
  Planar scratch;
  for (unsigned i = 0; i < 3; ++i) {
    scratch.plane[i] = memory + i * plane_bytes;
    scratch.stride[i] = static_cast<int>(stride);
  }
  uint8_t* argb = memory + 3 * plane_bytes;
  for (std::uint32_t row = 0; row < from.height; row += kStripRows) {
    const std::uint32_t rows = std::min(kStripRows, from.height - row);
    const Picture from_rows = rows_of(from, row, rows);
    const MutablePicture to_rows = rows_of(to, row, rows);
    if (!convert_without_yuv(from_rows, to_rows, argb)) {
      convert_through_planes(from_rows, to_rows, scratch, argb);
    }
  }
  return true;
}

bool PictureConverter::Scratch::convert_scaled(const Picture& from, const MutablePicture& to) noexcept {
  // What becomes smaller does that in planes, if planes are wanted. For RGB, libyuv would make a copy of four
  // bytes a pixel first, in memory that it takes anew each time; of chroma in pairs it picks samples instead
  // of averaging.
  const bool is_planes_work = from.format != to.format && from.format != PixelFormat::gray8 &&
                              from.format != PixelFormat::i420 && !is_rgb(to.format) &&
                              to.width <= from.width;
  if (!is_scalable(from.format) || is_planes_work) {
    const bool is_full_range = is_rgb(from.format) ? has_full_range(to) : from.is_full_range;
    const auto planar = picture_in(unscaled, PixelFormat::i420, from.width, from.height, is_full_range);
    return planar && convert_same_size(from, *planar) && convert_scaled(*planar, to);
  }
  if (!can_scale(from, to)) return false;
  if (has_same_samples(from, to)) {
    scale(from, to);
    return true;
  }
  const auto small = picture_in(scaled, from.format, to.width, to.height, from.is_full_range);
  if (!small) return false;
  scale(from, *small);
  return convert_same_size(*small, to);
}

PictureConverter::PictureConverter() noexcept : scratch_(new (std::nothrow) Scratch) {}
PictureConverter::~PictureConverter() = default;
PictureConverter::PictureConverter(PictureConverter&&) noexcept = default;
PictureConverter& PictureConverter::operator=(PictureConverter&&) noexcept = default;

bool PictureConverter::convert(const Picture& from, const MutablePicture& to) noexcept {
  if (!scratch_ || !is_usable(from) || !is_usable(to)) return false;
  const bool is_same_size = from.width == to.width && from.height == to.height;
  return is_same_size ? scratch_->convert_same_size(from, to) : scratch_->convert_scaled(from, to);
}

}  // namespace shmvideo::codec
