// SPDX-License-Identifier: Apache-2.0
#include <turbojpeg.h>

#include <algorithm>
#include <random>
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

std::vector<std::byte> encoded_gradient(std::uint32_t width, std::uint32_t height) {
  GuardedPicture bgr(PixelFormat::bgr24, width, height);
  draw_gradient(bgr);
  JpegEncoder encoder;
  JpegBuffer buffer;
  REQUIRE(encoder.encode(bgr.picture(), 90, buffer));
  return {buffer.bytes().begin(), buffer.bytes().end()};
}

}  // namespace

TEST_CASE("a picture of any format comes back from JPEG as it was") {
  PictureConverter converter;
  JpegEncoder encoder;
  JpegDecoder decoder;
  JpegBuffer buffer;
  for (auto [width, height] : {std::pair{320U, 240U}, {97U, 63U}, {98U, 63U}, {65U, 48U}}) {
    GuardedPicture original(PixelFormat::bgr24, width, height);
    draw_gradient(original);
    for (PixelFormat format : kRaw) {
      for (bool is_full_range : {false, true}) {
        GuardedPicture source(format, width, height, is_full_range),
            expected(PixelFormat::bgr24, width, height);
        GuardedPicture seen(PixelFormat::bgr24, width, height);
        REQUIRE(converter.convert(original.picture(), source.picture()));
        REQUIRE(converter.convert(source.picture(), expected.picture()));
        INFO(info_of(format).name << " " << width << "x" << height << (is_full_range ? " full" : ""));
        REQUIRE(encoder.encode(source.picture(), 95, buffer));
        const auto header = decoder.probe(buffer.bytes());
        REQUIRE(header);
        CHECK(header->width == width);
        CHECK(header->height == height);
        CHECK(header->is_gray == (format == PixelFormat::gray8));
        REQUIRE(decoder.decode(buffer.bytes(), seen.picture()) == JpegStatus::ok);
        CHECK(mean_difference(expected, seen) < 2.5);
      }
    }
  }
}

TEST_CASE("JPEG is decoded to every raw format within its memory") {
  PictureConverter converter;
  JpegDecoder decoder;
  for (auto [width, height] : {std::pair{64U, 48U}, {97U, 63U}, {1U, 1U}}) {
    const auto jpeg = encoded_gradient(width, height);
    GuardedPicture bgr(PixelFormat::bgr24, width, height);
    REQUIRE(decoder.decode(jpeg, bgr.picture()) == JpegStatus::ok);
    for (PixelFormat format : kRaw) {
      for (bool is_full_range : {false, true}) {
        GuardedPicture target(format, width, height, is_full_range),
            expected(format, width, height, is_full_range);
        INFO(info_of(format).name << " " << width << "x" << height << (is_full_range ? " full" : ""));
        REQUIRE(decoder.decode(jpeg, target.picture()) == JpegStatus::ok);
        REQUIRE(target.is_undamaged_before());
        converter.convert(bgr.picture(), expected.picture());
        CHECK(mean_difference(expected, target) < 2.5);
      }
    }
  }
}

TEST_CASE("planes become the bytes that TurboJPEG makes of them, edges included") {
  JpegEncoder encoder;
  JpegBuffer ours;
  tjhandle handle = tjInitCompress();
  for (auto [width, height] : {std::pair{320U, 240U}, {98U, 62U}, {18U, 34U}, {2U, 2U}}) {
    GuardedPicture planes(PixelFormat::i420, width, height, true);
    std::minstd_rand random(3);
    for (std::byte& b : planes.bytes()) b = static_cast<std::byte>(random() % 128);
    const MutablePicture picture = planes.picture();
    std::vector<unsigned char> theirs(
        tjBufSize(static_cast<int>(width), static_cast<int>(height), TJSAMP_420));
    unsigned char* to = theirs.data();
    unsigned long size = theirs.size();
    const unsigned char* from[3];
    int strides[3];
    for (unsigned i = 0; i < 3; ++i) {
      from[i] = reinterpret_cast<const unsigned char*>(picture.plane[i]);
      strides[i] = static_cast<int>(picture.stride[i]);
    }
    REQUIRE(tjCompressFromYUVPlanes(handle, from, static_cast<int>(width), strides, static_cast<int>(height),
                                    TJSAMP_420, &to, &size, 85, TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT) == 0);
    REQUIRE(encoder.encode(picture, 85, ours));
    INFO(width << "x" << height);
    CHECK(std::ranges::equal(ours.bytes(), std::as_bytes(std::span(theirs).first(size))));
  }
  tjDestroy(handle);
}

TEST_CASE("better quality takes more bytes, and quality beyond the ends is cut") {
  GuardedPicture bgr(PixelFormat::bgr24, 320, 240);
  draw_gradient(bgr);
  JpegEncoder encoder;
  JpegBuffer low, high, below, above, top;
  REQUIRE(encoder.encode(bgr.picture(), 1, low));
  REQUIRE(encoder.encode(bgr.picture(), 90, high));
  REQUIRE(encoder.encode(bgr.picture(), 100, top));
  REQUIRE(encoder.encode(bgr.picture(), -5, below));
  REQUIRE(encoder.encode(bgr.picture(), 1000, above));
  CHECK(low.bytes().size() < high.bytes().size());
  CHECK(below.bytes().size() == low.bytes().size());
  CHECK(above.bytes().size() == top.bytes().size());
}

TEST_CASE("noise at the best quality fits the buffer, which is used again") {
  GuardedPicture bgr(PixelFormat::bgr24, 203, 101);
  std::minstd_rand random(1);
  for (std::byte& b : bgr.bytes()) b = static_cast<std::byte>(random());
  JpegEncoder encoder;
  JpegBuffer buffer;
  REQUIRE(encoder.encode(bgr.picture(), 100, buffer));
  const std::byte* memory = buffer.bytes().data();
  REQUIRE(encoder.encode(bgr.picture(), 50, buffer));
  CHECK(buffer.bytes().data() == memory);
}

TEST_CASE("what cannot be encoded leaves the buffer empty and says why") {
  GuardedPicture bgr(PixelFormat::bgr24, 16, 16);
  JpegEncoder encoder;
  JpegBuffer buffer;
  REQUIRE(encoder.encode(bgr.picture(), 85, buffer));
  MutablePicture picture = bgr.picture();
  picture.format = PixelFormat::h264;
  CHECK_FALSE(encoder.encode(picture, 85, buffer));
  CHECK(buffer.bytes().empty());
  CHECK_FALSE(encoder.message().empty());
  picture = bgr.picture();
  picture.width = 65535;
  CHECK_FALSE(encoder.encode(picture, 85, buffer));
  picture.width = 0;
  CHECK_FALSE(encoder.encode(picture, 85, buffer));
  REQUIRE(encoder.encode(bgr.picture(), 85, buffer));
  CHECK(encoder.message().empty());
}

TEST_CASE("pictures that are cut short or garbled are reported and never harm") {
  const auto jpeg = encoded_gradient(160, 120);
  JpegDecoder decoder;
  GuardedPicture target(PixelFormat::i420, 160, 120, true);
  for (std::size_t length = 0; length < jpeg.size(); length += 7) {
    const auto status = decoder.decode(std::span(jpeg).first(length), target.picture());
    CHECK(status != JpegStatus::ok);
    CHECK_FALSE(decoder.message().empty());
  }
  std::minstd_rand random(2);
  for (int round = 0; round < 500; ++round) {
    auto garbled = jpeg;
    for (int i = 0; i < 8; ++i) garbled[random() % garbled.size()] = static_cast<std::byte>(random());
    decoder.probe(garbled);
    decoder.decode(garbled, target.picture());
    REQUIRE(target.is_undamaged_before());
  }
  const auto status = decoder.decode(jpeg, target.picture());
  INFO(decoder.message());
  CHECK(status == JpegStatus::ok);
}

TEST_CASE("a picture of another size than announced is refused") {
  const auto jpeg = encoded_gradient(160, 120);
  JpegDecoder decoder;
  GuardedPicture target(PixelFormat::bgr24, 120, 160);
  CHECK(decoder.decode(jpeg, target.picture()) == JpegStatus::failed);
}
