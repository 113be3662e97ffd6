// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/picture.hpp"

#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace shmvideo;

namespace {

constexpr std::uint32_t kMax32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kMax64 = std::numeric_limits<std::uint64_t>::max();

std::vector<PixelFormat> raw_formats() {
  std::vector<PixelFormat> raw;
  for (const PixelFormatInfo& info : pixel_formats()) {
    if (info.plane_count > 0) raw.push_back(info.format);
  }
  return raw;
}

/// The payload is never touched by as_picture(), so that a span may claim any size.
std::span<const std::byte> claimed(std::uint64_t bytes) {
  static const std::byte memory{};
  return {&memory, static_cast<std::size_t>(bytes)};
}

}  // namespace

TEST_CASE("packed layouts have the sizes that everybody expects") {
  CHECK(packed_frame_info(PixelFormat::bgr24, 1920, 1080).payload_bytes == 6220800);
  CHECK(packed_frame_info(PixelFormat::gray8, 1920, 1080).payload_bytes == 2073600);
  CHECK(packed_frame_info(PixelFormat::yuyv, 1920, 1080).payload_bytes == 4147200);
  CHECK(packed_frame_info(PixelFormat::nv12, 1920, 1080).payload_bytes == 3110400);
  CHECK(packed_frame_info(PixelFormat::i420, 1920, 1080).payload_bytes == 3110400);
  CHECK(packed_frame_info(PixelFormat::i420, 5, 3).payload_bytes == 15 + 6 + 6);
  const FrameInfo nv12 = packed_frame_info(PixelFormat::nv12, 640, 480);
  CHECK(nv12.plane_count == 2);
  CHECK(nv12.plane_offset[1] == 640 * 480);
  CHECK(nv12.plane_stride[1] == 640);
}

TEST_CASE("a size that cannot be has no payload") {
  for (PixelFormat format : raw_formats()) {
    CHECK(packed_frame_info(format, 0, 480).payload_bytes == 0);
    CHECK(packed_frame_info(format, 640, 0).payload_bytes == 0);
    CHECK(packed_frame_info(format, SHMV_DIMENSION_MAX + 1, 480).payload_bytes == 0);
    CHECK(packed_frame_info(format, 640, kMax32).payload_bytes == 0);
    CHECK(packed_frame_info(format, SHMV_DIMENSION_MAX, SHMV_DIMENSION_MAX).payload_bytes >=
          std::uint64_t{SHMV_DIMENSION_MAX} * SHMV_DIMENSION_MAX);
  }
  CHECK(packed_frame_info(PixelFormat::jpeg, 640, 480).payload_bytes == 0);
}

TEST_CASE("a packed frame is seen as a picture, with one byte less it is not") {
  for (PixelFormat format : raw_formats()) {
    for (auto [width, height] :
         {std::pair{1920U, 1080U}, {1U, 1U}, {5U, 3U}, {65535U, 1U}, {3U, 65535U}, {65535U, 65535U}}) {
      const FrameInfo info = packed_frame_info(format, width, height);
      const auto picture = as_picture(info, claimed(info.payload_bytes));
      REQUIRE(picture);
      CHECK(picture->format == format);
      CHECK(picture->width == width);
      CHECK(picture->plane[0] == claimed(0).data());
      for (unsigned i = 0; i < info.plane_count; ++i) CHECK(picture->stride[i] == info.plane_stride[i]);
      CHECK_FALSE(as_picture(info, claimed(info.payload_bytes - 1)));
    }
  }
}

TEST_CASE("the last row needs no whole stride") {
  FrameInfo info = packed_frame_info(PixelFormat::gray8, 100, 10);
  info.plane_stride[0] = 128;
  CHECK(as_picture(info, claimed(128 * 9 + 100)));
  CHECK_FALSE(as_picture(info, claimed(128 * 9 + 99)));
}

TEST_CASE("hostile descriptions are refused") {
  for (PixelFormat format : raw_formats()) {
    const FrameInfo good = packed_frame_info(format, 64, 48);
    const auto refused = [&](auto change) {
      FrameInfo info = good;
      change(info);
      return !as_picture(info, claimed(good.payload_bytes));
    };
    REQUIRE(as_picture(good, claimed(good.payload_bytes)));
    CHECK(refused([](FrameInfo& f) { f.width = 0; }));
    CHECK(refused([](FrameInfo& f) { f.height = 0; }));
    CHECK(refused([](FrameInfo& f) { f.width = f.height = kMax32; }));
    CHECK(refused([](FrameInfo& f) { f.height = 65535; }));
    CHECK(refused([](FrameInfo& f) { f.width = 65; }));
    CHECK(refused([](FrameInfo& f) { f.height += 2; }));
    CHECK(refused([](FrameInfo& f) { f.plane_count = 0; }));
    CHECK(refused([](FrameInfo& f) { f.plane_count += 1; }));
    CHECK(refused([](FrameInfo& f) { f.plane_count = kMax32; }));
    CHECK(refused([](FrameInfo& f) { f.fourcc = 0; }));
    CHECK(refused([](FrameInfo& f) { f.fourcc = make_fourcc('M', 'J', 'P', 'G'); }));
    for (unsigned i = 0; i < good.plane_count; ++i) {
      CHECK(refused([i](FrameInfo& f) { f.plane_stride[i] = 0; }));
      CHECK(refused([i](FrameInfo& f) { f.plane_stride[i] -= 1; }));
      CHECK(refused([i](FrameInfo& f) { f.plane_stride[i] = kMax32; }));
      CHECK(refused([i](FrameInfo& f) { f.plane_offset[i] = kMax64; }));
      CHECK(refused([i](FrameInfo& f) { f.plane_offset[i] = kMax64 - 63; }));
      CHECK(refused([i](FrameInfo& f) { f.plane_offset[i] = f.payload_bytes; }));
    }
    const unsigned last = good.plane_count - 1;
    CHECK(refused([last](FrameInfo& f) { f.plane_offset[last] += 1; }));
  }
}

TEST_CASE("the largest stride of the tallest picture does not wrap round") {
  FrameInfo info = packed_frame_info(PixelFormat::gray8, 1, 65535);
  info.plane_stride[0] = kMax32;
  const std::uint64_t needed = std::uint64_t{kMax32} * 65534 + 1;
  CHECK(as_picture(info, claimed(needed)));
  CHECK_FALSE(as_picture(info, claimed(needed - 1)));
  CHECK_FALSE(as_picture(info, claimed(needed & kMax32)));
}

TEST_CASE("a writable picture can be given where a read-only one is asked for") {
  std::vector<std::byte> memory(64 * 48 * 3);
  const FrameInfo info = packed_frame_info(PixelFormat::bgr24, 64, 48);
  const auto picture = as_picture(info, std::span<std::byte>(memory));
  REQUIRE(picture);
  const Picture read_only = *picture;
  CHECK(read_only.plane[0] == memory.data());
  CHECK(read_only.stride[0] == 64 * 3);
}
