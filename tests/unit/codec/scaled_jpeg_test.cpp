// SPDX-License-Identifier: Apache-2.0
// Pictures that become smaller on their way from or to JPEG, beside plain averaging.
#include <algorithm>
#include <cmath>
#include <vector>

#include "codec/convert.hpp"
#include "codec/jpeg_decoder.hpp"
#include "codec/jpeg_encoder.hpp"
#include "guarded_picture.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::codec;
using shmvideo_test::draw_gradient;
using shmvideo_test::GuardedPicture;
using shmvideo_test::kRaw;
using shmvideo_test::mean_difference;

namespace {

/// Each sample the mean of those that it covers, by area: what any good scaling comes close to.
void average(const GuardedPicture& from, const GuardedPicture& to, unsigned channels) {
  const auto& source = from.picture();
  const auto& target = to.picture();
  const double step_x = static_cast<double>(source.width) / target.width;
  const double step_y = static_cast<double>(source.height) / target.height;
  for (std::uint32_t y = 0; y < target.height; ++y) {
    for (std::uint32_t x = 0; x < target.width; ++x) {
      for (unsigned c = 0; c < channels; ++c) {
        double sum = 0, area = 0;
        for (auto sy = static_cast<std::uint32_t>(y * step_y);
             sy < std::min<double>(source.height, (y + 1) * step_y); ++sy) {
          for (auto sx = static_cast<std::uint32_t>(x * step_x);
               sx < std::min<double>(source.width, (x + 1) * step_x); ++sx) {
            const double part = (std::min(sx + 1.0, (x + 1) * step_x) - std::max<double>(sx, x * step_x)) *
                                (std::min(sy + 1.0, (y + 1) * step_y) - std::max<double>(sy, y * step_y));
            sum += part * from.at(0, sx * channels + c, sy);
            area += part;
          }
        }
        to.at(0, x * channels + c, y) = static_cast<std::uint8_t>(std::lround(sum / area));
      }
    }
  }
}

}  // namespace

TEST_CASE("a picture of any format is scaled to the planes that JPEG takes as averaging would") {
  PictureConverter converter;
  for (auto [width, height] : {std::pair{320U, 180U}, {321U, 181U}}) {
    GuardedPicture original(PixelFormat::bgr24, width, height);
    draw_gradient(original);
    for (auto [to_width, to_height] : {std::pair{160U, 90U}, {106U, 60U}, {300U, 168U}, {40U, 24U}}) {
      GuardedPicture expected(PixelFormat::bgr24, to_width, to_height);
      average(original, expected, 3);
      for (PixelFormat format : kRaw) {
        if (format == PixelFormat::gray8) continue;
        GuardedPicture source(format, width, height), small(PixelFormat::i420, to_width, to_height, true);
        GuardedPicture seen(PixelFormat::bgr24, to_width, to_height);
        INFO(info_of(format).name << " " << width << "x" << height << " to " << to_width << "x" << to_height);
        REQUIRE(converter.convert(original.picture(), source.picture()));
        REQUIRE(converter.convert(source.picture(), small.picture()));
        REQUIRE(small.is_undamaged_before());
        REQUIRE(converter.convert(small.picture(), seen.picture()));
        CHECK(mean_difference(expected, seen) < 4);
      }
    }
  }
}

TEST_CASE("a grey picture is scaled as averaging would") {
  PictureConverter converter;
  GuardedPicture colours(PixelFormat::bgr24, 321, 181), gray(PixelFormat::gray8, 321, 181);
  draw_gradient(colours);
  REQUIRE(converter.convert(colours.picture(), gray.picture()));
  for (auto [width, height] : {std::pair{160U, 90U}, {106U, 60U}, {16U, 10U}}) {
    GuardedPicture expected(PixelFormat::gray8, width, height), small(PixelFormat::gray8, width, height);
    average(gray, expected, 1);
    REQUIRE(converter.convert(gray.picture(), small.picture()));
    CHECK(mean_difference(expected, small) < 2);
  }
}

TEST_CASE("JPEG is decoded to less than its size as scaling the whole picture would") {
  PictureConverter converter;
  JpegEncoder encoder;
  JpegDecoder decoder;
  JpegBuffer buffer;
  for (auto [width, height] : {std::pair{320U, 240U}, {324U, 236U}, {97U, 63U}}) {
    GuardedPicture original(PixelFormat::bgr24, width, height);
    draw_gradient(original);
    for (PixelFormat coded : {PixelFormat::bgr24, PixelFormat::gray8}) {
      GuardedPicture source(coded, width, height);
      REQUIRE(converter.convert(original.picture(), source.picture()));
      REQUIRE(encoder.encode(source.picture(), 95, buffer));
      GuardedPicture whole(PixelFormat::bgr24, width, height);
      REQUIRE(decoder.decode(buffer.bytes(), whole.picture()) == JpegStatus::ok);
      for (auto [to_width, to_height] : {std::pair{width, height},
                                         {width / 2, height / 2},
                                         {width / 16 * 2, height / 16 * 2},
                                         {80U, 60U},
                                         {60U, 22U},
                                         {2U, 2U},
                                         {1U, 1U}}) {
        GuardedPicture expected(PixelFormat::bgr24, to_width, to_height);
        average(whole, expected, 3);
        for (PixelFormat format : {PixelFormat::i420, PixelFormat::gray8, PixelFormat::bgr24}) {
          if (format == PixelFormat::gray8 && coded != PixelFormat::gray8) continue;
          GuardedPicture small(format, to_width, to_height, true),
              seen(PixelFormat::bgr24, to_width, to_height);
          INFO(width << "x" << height << (coded == PixelFormat::gray8 ? " grey to " : " to ") << to_width
                     << "x" << to_height << " " << info_of(format).name);
          REQUIRE(decoder.decode_scaled(buffer.bytes(), small.picture()) == JpegStatus::ok);
          REQUIRE(small.is_undamaged_before());
          REQUIRE(converter.convert(small.picture(), seen.picture()));
          // Of a few pixels with edges between them nothing can be told.
          if (to_width >= 40) CHECK(mean_difference(expected, seen) < 5);
        }
      }
    }
  }
}

TEST_CASE("damaged JPEG is no danger in a smaller size either") {
  GuardedPicture original(PixelFormat::bgr24, 160, 120), small(PixelFormat::i420, 50, 38, true);
  draw_gradient(original);
  JpegEncoder encoder;
  JpegBuffer buffer;
  REQUIRE(encoder.encode(original.picture(), 90, buffer));
  JpegDecoder decoder;
  for (std::size_t length = 0; length < buffer.bytes().size(); length += 11) {
    CHECK(decoder.decode_scaled(buffer.bytes().first(length), small.picture()) != JpegStatus::ok);
    REQUIRE(small.is_undamaged_before());
  }
  CHECK(decoder.decode_scaled(buffer.bytes(), small.picture()) == JpegStatus::ok);
}
