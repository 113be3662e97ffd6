// SPDX-License-Identifier: Apache-2.0
// Pictures for tests: in memory that ends at a page nobody may touch.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "shmvideo/picture.hpp"

namespace shmvideo_test {

/// All formats that are not coded.
inline constexpr shmvideo::PixelFormat kRaw[] = {shmvideo::PixelFormat::bgr24, shmvideo::PixelFormat::rgb24,
                                                 shmvideo::PixelFormat::gray8, shmvideo::PixelFormat::yuyv,
                                                 shmvideo::PixelFormat::uyvy,  shmvideo::PixelFormat::nv12,
                                                 shmvideo::PixelFormat::i420};

/// A packed picture whose last byte is the last one before an inaccessible page: whoever reads or
/// writes beyond it dies. Ahead of it stand bytes that must not change.
class GuardedPicture {
 public:
  GuardedPicture(shmvideo::PixelFormat format, std::uint32_t width, std::uint32_t height,
                 bool is_full_range = false)
      : info_(shmvideo::packed_frame_info(format, width, height)) {
    constexpr std::size_t kPage = 4096;
    const std::size_t usable = (info_.payload_bytes + kPage - 1) / kPage * kPage + kPage;
    mapped_ = usable + kPage;
    void* memory = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory");
    base_ = static_cast<std::byte*>(memory);
    mprotect(base_ + usable, kPage, PROT_NONE);
    begin_ = base_ + usable - info_.payload_bytes;
    std::memset(base_, kCanary, static_cast<std::size_t>(begin_ - base_));
    picture_ = *shmvideo::as_picture(info_, bytes());
    picture_.is_full_range = is_full_range;
  }
  ~GuardedPicture() { munmap(base_, mapped_); }
  GuardedPicture(const GuardedPicture&) = delete;
  GuardedPicture& operator=(const GuardedPicture&) = delete;

  const shmvideo::MutablePicture& picture() const { return picture_; }
  std::span<std::byte> bytes() const { return {begin_, info_.payload_bytes}; }
  std::uint8_t& at(unsigned plane, std::uint32_t x, std::uint32_t y) const {
    return reinterpret_cast<std::uint8_t*>(picture_.plane[plane])[y * picture_.stride[plane] + x];
  }
  bool is_undamaged_before() const {
    return std::all_of(base_, begin_, [](std::byte b) { return b == std::byte{kCanary}; });
  }

 private:
  static constexpr unsigned char kCanary = 0xa5;
  shmvideo::FrameInfo info_;
  std::byte* base_ = nullptr;
  std::byte* begin_ = nullptr;
  std::size_t mapped_ = 0;
  shmvideo::MutablePicture picture_;
};

/// A BGR24 picture of smooth colours, so that subsampled chroma loses little.
inline void draw_gradient(const GuardedPicture& bgr) {
  const auto& picture = bgr.picture();
  for (std::uint32_t y = 0; y < picture.height; ++y) {
    for (std::uint32_t x = 0; x < picture.width; ++x) {
      bgr.at(0, x * 3 + 0, y) = static_cast<std::uint8_t>(x * 255 / picture.width);
      bgr.at(0, x * 3 + 1, y) = static_cast<std::uint8_t>(y * 255 / picture.height);
      bgr.at(0, x * 3 + 2, y) = static_cast<std::uint8_t>(255 - x * 200 / picture.width);
    }
  }
}

/// The mean difference of two pictures of one format, in steps.
inline double mean_difference(const GuardedPicture& a, const GuardedPicture& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.bytes().size(); ++i) {
    sum += std::abs(static_cast<int>(a.bytes()[i]) - static_cast<int>(b.bytes()[i]));
  }
  return sum / static_cast<double>(a.bytes().size());
}

}  // namespace shmvideo_test
