// SPDX-License-Identifier: Apache-2.0
#include "codec/jpeg_encoder.hpp"

#include <sys/mman.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

#include "shmvideo/error.hpp"

namespace shmvideo::codec {
namespace {

constexpr std::uint32_t kJpegDimensionMax = 65500;

}  // namespace

JpegBuffer::~JpegBuffer() {
  if (memory_ != nullptr) ::munmap(memory_, capacity_);
}

bool JpegBuffer::reserve(std::size_t bytes) noexcept {
  size_ = 0;
  if (bytes <= capacity_) return true;
  if (memory_ != nullptr) ::munmap(std::exchange(memory_, nullptr), std::exchange(capacity_, 0));
  void* mapped =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return false;
  ::madvise(mapped, bytes, MADV_NOHUGEPAGE);  // where there are none, this fails and need not succeed
  memory_ = static_cast<std::byte*>(mapped);
  capacity_ = bytes;
  return true;
}

struct JpegEncoder::Impl {
  tjhandle handle = tjInitCompress();
  PictureConverter converter;
  std::unique_ptr<std::byte[]> planes;
  std::size_t planes_bytes = 0;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (handle != nullptr) tjDestroy(handle);
  }

  std::optional<Picture> as_full_range_i420(const Picture& picture) noexcept;
};

/// The picture as JPEG wants it. For odd sizes TurboJPEG reads luma up to the next even size, so that
/// the planes have room for it and the last column and row stand there twice.
std::optional<Picture> JpegEncoder::Impl::as_full_range_i420(const Picture& picture) noexcept {
  const bool is_odd = picture.width % 2 != 0 || picture.height % 2 != 0;
  if (picture.format == PixelFormat::i420 && picture.is_full_range && !is_odd) return picture;

  const std::uint32_t even_width = (picture.width + 1) & ~1U;
  const std::uint32_t even_height = (picture.height + 1) & ~1U;
  const FrameInfo info = packed_frame_info(PixelFormat::i420, even_width, even_height);
  if (info.payload_bytes > planes_bytes) {
    planes.reset(new (std::nothrow) std::byte[info.payload_bytes]);
    planes_bytes = planes ? info.payload_bytes : 0;
  }
  auto full = as_picture(info, std::span(planes.get(), planes_bytes));
  if (!full) return std::nullopt;
  full->is_full_range = true;
  full->width = picture.width;
  full->height = picture.height;
  if (!converter.convert(picture, *full)) return std::nullopt;
  std::byte* luma = full->plane[0];
  if (even_width != picture.width) {
    for (std::uint32_t row = 0; row < picture.height; ++row) {
      std::byte* end = luma + std::size_t{row} * even_width + picture.width;
      end[0] = end[-1];
    }
  }
  if (even_height != picture.height) {
    std::byte* last = luma + std::size_t{picture.height} * even_width;
    std::memcpy(last, last - even_width, even_width);
  }
  return *full;
}

JpegEncoder::JpegEncoder() : impl_(std::make_unique<Impl>()) {
  if (impl_->handle == nullptr) throw Error(ErrorCode::codec_failed, "cannot start a JPEG encoder");
}
JpegEncoder::~JpegEncoder() = default;
JpegEncoder::JpegEncoder(JpegEncoder&&) noexcept = default;
JpegEncoder& JpegEncoder::operator=(JpegEncoder&&) noexcept = default;

bool JpegEncoder::fail(std::string_view message) noexcept {
  message_ = message;
  return false;
}

bool JpegEncoder::encode(const Picture& picture, int quality, JpegBuffer& to) noexcept {
  to.size_ = 0;
  if (is_coded(picture.format)) return fail("the picture is coded already");
  const auto [smaller, larger] = std::minmax(picture.width, picture.height);
  if (smaller == 0 || larger > kJpegDimensionMax) return fail("the picture's size is beyond JPEG's limits");

  // GRAY8 goes through the planes call too, which is a quarter faster than tjCompress2 for it.
  const bool is_gray = picture.format == PixelFormat::gray8;
  const int subsampling = is_gray ? TJSAMP_GRAY : TJSAMP_420;
  const std::optional<Picture> planar = is_gray ? picture : impl_->as_full_range_i420(picture);
  if (!planar) return fail("the picture cannot be converted for JPEG");
  const int width = static_cast<int>(picture.width);
  const int height = static_cast<int>(picture.height);
  const unsigned long largest = tjBufSize(width, height, subsampling);
  if (largest == static_cast<unsigned long>(-1) || !to.reserve(largest)) return fail("out of memory");

  const unsigned char* planes[3];
  int strides[3];
  for (unsigned i = 0; i < 3; ++i) {
    planes[i] = reinterpret_cast<const unsigned char*>(planar->plane[i]);
    strides[i] = static_cast<int>(planar->stride[i]);
  }
  auto* memory = reinterpret_cast<unsigned char*>(to.memory_);
  unsigned long size = to.capacity_;
  quality = std::clamp(quality, kJpegQualityMin, kJpegQualityMax);
  // The accurate transform costs no more than the fast one where both have SIMD code.
  if (tjCompressFromYUVPlanes(impl_->handle, planes, width, strides, height, subsampling, &memory, &size,
                              quality, TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT) != 0) {
    return fail(tjGetErrorStr2(impl_->handle));
  }
  to.size_ = size;
  message_ = {};
  return true;
}

}  // namespace shmvideo::codec
