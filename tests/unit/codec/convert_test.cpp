// SPDX-License-Identifier: Apache-2.0
#include "codec/convert.hpp"

#include <vector>

#include "guarded_picture.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using codec::PictureConverter;
using shmvideo_test::draw_gradient;
using shmvideo_test::GuardedPicture;
using shmvideo_test::kRaw;
using shmvideo_test::mean_difference;

namespace {

/// A picture of one colour.
void fill(const GuardedPicture& bgr, int b, int g, int r) {
  for (std::uint32_t y = 0; y < bgr.picture().height; ++y) {
    for (std::uint32_t x = 0; x < bgr.picture().width; ++x) {
      bgr.at(0, x * 3, y) = static_cast<std::uint8_t>(b);
      bgr.at(0, x * 3 + 1, y) = static_cast<std::uint8_t>(g);
      bgr.at(0, x * 3 + 2, y) = static_cast<std::uint8_t>(r);
    }
  }
}

bool near(int a, int b, int tolerance = 2) { return std::abs(a - b) <= tolerance; }

}  // namespace

TEST_CASE("every format converts to every other, in both ranges, at odd sizes, within its memory") {
  PictureConverter converter;
  const std::pair<std::uint32_t, std::uint32_t> sizes[] = {{1, 1},  {2, 2},  {3, 5},
                                                           {17, 1}, {1, 33}, {97, 35}};
  for (auto [width, height] : sizes) {
    for (PixelFormat from : kRaw) {
      for (PixelFormat to : kRaw) {
        for (int ranges = 0; ranges < 4; ++ranges) {
          GuardedPicture source(from, width, height, ranges & 1);
          GuardedPicture target(to, width, height, ranges & 2);
          INFO(info_of(from).name << " to " << info_of(to).name << " " << width << "x" << height);
          REQUIRE(converter.convert(source.picture(), target.picture()));
          REQUIRE(target.is_undamaged_before());
        }
      }
    }
  }
}

TEST_CASE("a picture survives the way through any format and back") {
  PictureConverter converter;
  GuardedPicture original(PixelFormat::bgr24, 322, 181);
  draw_gradient(original);
  for (PixelFormat format : kRaw) {
    if (format == PixelFormat::gray8) continue;
    for (bool is_full_range : {false, true}) {
      GuardedPicture there(format, 322, 181, is_full_range);
      GuardedPicture back(PixelFormat::bgr24, 322, 181);
      REQUIRE(converter.convert(original.picture(), there.picture()));
      REQUIRE(converter.convert(there.picture(), back.picture()));
      INFO(info_of(format).name << (is_full_range ? " full" : " limited"));
      CHECK(mean_difference(original, back) < 2.5);
    }
  }
}

TEST_CASE("YUV formats convert among each other without loss where they can") {
  PictureConverter converter;
  GuardedPicture original(PixelFormat::bgr24, 64, 32);
  draw_gradient(original);
  const auto there_and_back = [&](PixelFormat a, PixelFormat b) {
    GuardedPicture first(a, 64, 32), through(b, 64, 32), second(a, 64, 32);
    converter.convert(original.picture(), first.picture());
    converter.convert(first.picture(), through.picture());
    converter.convert(through.picture(), second.picture());
    return mean_difference(first, second);
  };
  CHECK(there_and_back(PixelFormat::yuyv, PixelFormat::uyvy) == 0);
  CHECK(there_and_back(PixelFormat::i420, PixelFormat::nv12) == 0);
  CHECK(there_and_back(PixelFormat::nv12, PixelFormat::yuyv) < 1);
}

TEST_CASE("red, black and white have the values of BT.601") {
  PictureConverter converter;
  GuardedPicture bgr(PixelFormat::bgr24, 8, 8);
  GuardedPicture limited(PixelFormat::i420, 8, 8), full(PixelFormat::i420, 8, 8, true);
  const auto luma_and_red = [&](int b, int g, int r) {
    fill(bgr, b, g, r);
    converter.convert(bgr.picture(), limited.picture());
    converter.convert(bgr.picture(), full.picture());
    return std::array<int, 4>{limited.at(0, 4, 4), limited.at(2, 1, 1), full.at(0, 4, 4), full.at(2, 1, 1)};
  };
  const auto red = luma_and_red(0, 0, 255);
  CHECK(near(red[0], 82));
  CHECK(near(red[1], 240));
  CHECK(near(red[2], 76));
  CHECK(near(red[3], 255));
  const auto black = luma_and_red(0, 0, 0);
  CHECK(near(black[0], 16));
  CHECK(near(black[1], 128));
  CHECK(near(black[2], 0));
  const auto white = luma_and_red(255, 255, 255);
  CHECK(near(white[0], 235));
  CHECK(near(white[2], 255));
}

TEST_CASE("ranges are changed and keep black, white and grey") {
  PictureConverter converter;
  for (PixelFormat format : {PixelFormat::i420, PixelFormat::nv12, PixelFormat::yuyv}) {
    GuardedPicture gray(PixelFormat::gray8, 256, 2), limited(format, 256, 2), full(format, 256, 2, true);
    GuardedPicture back(PixelFormat::gray8, 256, 2);
    for (std::uint32_t x = 0; x < 256; ++x)
      gray.at(0, x, 0) = gray.at(0, x, 1) = static_cast<std::uint8_t>(x);
    REQUIRE(converter.convert(gray.picture(), limited.picture()));
    REQUIRE(converter.convert(limited.picture(), full.picture()));
    REQUIRE(converter.convert(full.picture(), back.picture()));
    for (std::uint32_t x = 0; x < 256; ++x) REQUIRE(near(back.at(0, x, 1), static_cast<int>(x), 2));
    CHECK(back.at(0, 0, 0) == 0);
    CHECK(back.at(0, 255, 0) == 255);
  }
}

TEST_CASE("RGB24 is BGR24 the other way round") {
  PictureConverter converter;
  GuardedPicture bgr(PixelFormat::bgr24, 5, 3), rgb(PixelFormat::rgb24, 5, 3), gray(PixelFormat::gray8, 5, 3);
  fill(bgr, 10, 20, 200);
  REQUIRE(converter.convert(bgr.picture(), rgb.picture()));
  CHECK(rgb.at(0, 0, 0) == 200);
  CHECK(rgb.at(0, 14, 2) == 10);
  REQUIRE(converter.convert(rgb.picture(), gray.picture()));
  CHECK(near(gray.at(0, 4, 2), 73));
}

TEST_CASE("pictures are scaled between all formats within their memory") {
  PictureConverter converter;
  GuardedPicture bgr(PixelFormat::bgr24, 101, 51);
  draw_gradient(bgr);
  for (PixelFormat from : kRaw) {
    GuardedPicture source(from, 101, 51);
    REQUIRE(converter.convert(bgr.picture(), source.picture()));
    for (PixelFormat to : kRaw) {
      const std::pair<std::uint32_t, std::uint32_t> sizes[] = {{50, 25}, {202, 103}, {33, 120}, {1, 1}};
      for (auto [width, height] : sizes) {
        GuardedPicture target(to, width, height);
        INFO(info_of(from).name << " to " << info_of(to).name << " " << width << "x" << height);
        REQUIRE(converter.convert(source.picture(), target.picture()));
        REQUIRE(target.is_undamaged_before());
      }
    }
  }
}

TEST_CASE("a scaled picture still looks like the original") {
  PictureConverter converter;
  GuardedPicture bgr(PixelFormat::bgr24, 320, 240), small(PixelFormat::yuyv, 160, 120);
  GuardedPicture expected(PixelFormat::bgr24, 160, 120), seen(PixelFormat::bgr24, 160, 120);
  draw_gradient(bgr);
  draw_gradient(expected);
  REQUIRE(converter.convert(bgr.picture(), small.picture()));
  REQUIRE(converter.convert(small.picture(), seen.picture()));
  CHECK(mean_difference(expected, seen) < 3);
}

TEST_CASE("strides beyond the row are honoured") {
  PictureConverter converter;
  std::vector<std::byte> wide(100 * 16), packed(64 * 16 * 3);
  Picture gray{PixelFormat::gray8, 64, 16, {wide.data()}, {100}};
  std::fill(wide.begin(), wide.end(), std::byte{9});
  for (std::size_t row = 0; row < 16; ++row) std::fill_n(wide.begin() + row * 100, 64, std::byte{77});
  MutablePicture bgr{PixelFormat::bgr24, 64, 16, {packed.data()}, {64 * 3}};
  REQUIRE(converter.convert(gray, bgr));
  CHECK(std::all_of(packed.begin(), packed.end(), [](std::byte b) { return b == std::byte{77}; }));
}

TEST_CASE("what cannot be converted is refused") {
  PictureConverter converter;
  GuardedPicture bgr(PixelFormat::bgr24, 16, 16), i420(PixelFormat::i420, 16, 16);
  const auto refused = [&](auto change) {
    MutablePicture to = i420.picture();
    change(to);
    return !converter.convert(bgr.picture(), to) && !converter.convert(to, bgr.picture());
  };
  CHECK(refused([](MutablePicture& p) { p.format = PixelFormat::jpeg; }));
  CHECK(refused([](MutablePicture& p) { p.width = 0; }));
  CHECK(refused([](MutablePicture& p) { p.height = 70000; }));
  CHECK(refused([](MutablePicture& p) { p.plane[2] = nullptr; }));
  CHECK(refused([](MutablePicture& p) { p.stride[0] = 15; }));
  CHECK(refused([](MutablePicture& p) { p.stride[1] = 0x7fffffff; }));
}
