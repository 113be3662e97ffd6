// SPDX-License-Identifier: Apache-2.0
#include "codec/planar.hpp"

#include <libyuv.h>

#include <cstring>

#include "codec/range.hpp"

namespace shmvideo::codec {
namespace {

using std::uint8_t;

const uint8_t* plane_of(const Picture& picture, unsigned i) {
  return reinterpret_cast<const uint8_t*>(picture.plane[i]);
}
uint8_t* plane_of(const MutablePicture& picture, unsigned i) {
  return reinterpret_cast<uint8_t*>(picture.plane[i]);
}
int stride_of(const Picture& picture, unsigned i) { return static_cast<int>(picture.stride[i]); }

int chroma_rows(const Planar& planar, int height) { return planar.is_422 ? height : (height + 1) / 2; }

// libyuv calls B G R in memory "RGB24" and R G B "RAW".
void load_rgb(const Picture& from, const Planar& to, uint8_t* argb) {
  const int width = static_cast<int>(from.width);
  const int height = static_cast<int>(from.height);
  const bool is_bgr = from.format == PixelFormat::bgr24;
  const auto& [y, u, v] = to.plane;
  const auto& [ys, us, vs] = to.stride;
  if (!to.is_422) {
    const auto convert = is_bgr ? (to.is_full_range ? libyuv::RGB24ToJ420 : libyuv::RGB24ToI420)
                                : (to.is_full_range ? libyuv::RAWToJ420 : libyuv::RAWToI420);
    convert(plane_of(from, 0), stride_of(from, 0), y, ys, u, us, v, vs, width, height);
    return;
  }
  const auto expand = is_bgr ? libyuv::RGB24ToARGB : libyuv::RAWToARGB;
  expand(plane_of(from, 0), stride_of(from, 0), argb, width * 4, width, height);
  const auto convert = to.is_full_range ? libyuv::ARGBToJ422 : libyuv::ARGBToI422;
  convert(argb, width * 4, y, ys, u, us, v, vs, width, height);
}

void load_packed(const Picture& from, const Planar& to) {
  const bool is_yuyv = from.format == PixelFormat::yuyv;
  const auto convert = is_yuyv ? (to.is_422 ? libyuv::YUY2ToI422 : libyuv::YUY2ToI420)
                               : (to.is_422 ? libyuv::UYVYToI422 : libyuv::UYVYToI420);
  convert(plane_of(from, 0), stride_of(from, 0), to.plane[0], to.stride[0], to.plane[1], to.stride[1],
          to.plane[2], to.stride[2], static_cast<int>(from.width), static_cast<int>(from.height));
}

void load_gray(const Picture& from, const Planar& to) {
  const int width = static_cast<int>(from.width);
  const int height = static_cast<int>(from.height);
  libyuv::CopyPlane(plane_of(from, 0), stride_of(from, 0), to.plane[0], to.stride[0], width, height);
  for (int i : {1, 2}) {
    libyuv::SetPlane(to.plane[i], to.stride[i], (width + 1) / 2, chroma_rows(to, height), 128);
  }
}

void store_rgb(const Planar& from, const MutablePicture& to, int width, int height) {
  // R G B in memory is B G R with U and V exchanged, constants included.
  const bool is_bgr = to.format == PixelFormat::bgr24;
  const libyuv::YuvConstants* constants =
      is_bgr ? (from.is_full_range ? &libyuv::kYuvJPEGConstants : &libyuv::kYuvI601Constants)
             : (from.is_full_range ? &libyuv::kYvuJPEGConstants : &libyuv::kYvuI601Constants);
  const int u = is_bgr ? 1 : 2;
  const int v = is_bgr ? 2 : 1;
  const auto convert = from.is_422 ? libyuv::I422ToRGB24Matrix : libyuv::I420ToRGB24Matrix;
  convert(from.plane[0], from.stride[0], from.plane[u], from.stride[u], from.plane[v], from.stride[v],
          plane_of(to, 0), stride_of(to, 0), constants, width, height);
}

void store_packed(const Planar& from, const MutablePicture& to, int width, int height) {
  const bool is_yuyv = to.format == PixelFormat::yuyv;
  const auto convert = is_yuyv ? (from.is_422 ? libyuv::I422ToYUY2 : libyuv::I420ToYUY2)
                               : (from.is_422 ? libyuv::I422ToUYVY : libyuv::I420ToUYVY);
  convert(from.plane[0], from.stride[0], from.plane[1], from.stride[1], from.plane[2], from.stride[2],
          plane_of(to, 0), stride_of(to, 0), width, height);
}

}  // namespace

bool is_rgb(PixelFormat format) noexcept {
  return format == PixelFormat::bgr24 || format == PixelFormat::rgb24;
}

bool is_packed_yuv(PixelFormat format) noexcept {
  return format == PixelFormat::yuyv || format == PixelFormat::uyvy;
}

bool load_planar(const Picture& from, const Planar& to, uint8_t* argb) noexcept {
  switch (from.format) {
    case PixelFormat::bgr24:
    case PixelFormat::rgb24:
      load_rgb(from, to, argb);
      return to.is_full_range;
    case PixelFormat::yuyv:
    case PixelFormat::uyvy:
      load_packed(from, to);
      return from.is_full_range;
    case PixelFormat::nv12:
      libyuv::NV12ToI420(plane_of(from, 0), stride_of(from, 0), plane_of(from, 1), stride_of(from, 1),
                         to.plane[0], to.stride[0], to.plane[1], to.stride[1], to.plane[2], to.stride[2],
                         static_cast<int>(from.width), static_cast<int>(from.height));
      return from.is_full_range;
    case PixelFormat::gray8:
      load_gray(from, to);
      return true;
    default:
      return from.is_full_range;
  }
}

void store_planar(const Planar& from, const MutablePicture& to) noexcept {
  const int width = static_cast<int>(to.width);
  const int height = static_cast<int>(to.height);
  switch (to.format) {
    case PixelFormat::bgr24:
    case PixelFormat::rgb24:
      return store_rgb(from, to, width, height);
    case PixelFormat::yuyv:
    case PixelFormat::uyvy:
      return store_packed(from, to, width, height);
    case PixelFormat::nv12:
      libyuv::I420ToNV12(from.plane[0], from.stride[0], from.plane[1], from.stride[1], from.plane[2],
                         from.stride[2], plane_of(to, 0), stride_of(to, 0), plane_of(to, 1), stride_of(to, 1),
                         width, height);
      return;
    case PixelFormat::gray8:
      libyuv::CopyPlane(from.plane[0], from.stride[0], plane_of(to, 0), stride_of(to, 0), width, height);
      return;
    default:
      return;
  }
}

void change_range(const Planar& from, const Planar& to, int width, int height) noexcept {
  const auto luma = to.is_full_range ? luma_to_full : luma_to_limited;
  const auto chroma = to.is_full_range ? chroma_to_full : chroma_to_limited;
  const auto rows = [&](int plane, int count, auto map, int row_bytes) {
    for (int row = 0; row < count; ++row) {
      map(from.plane[plane] + std::ptrdiff_t{row} * from.stride[plane],
          to.plane[plane] + std::ptrdiff_t{row} * to.stride[plane], row_bytes);
    }
  };
  rows(0, height, luma, width);
  rows(1, chroma_rows(from, height), chroma, (width + 1) / 2);
  rows(2, chroma_rows(from, height), chroma, (width + 1) / 2);
}

}  // namespace shmvideo::codec
