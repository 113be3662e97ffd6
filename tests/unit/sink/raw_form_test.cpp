// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/endpoints/raw_form.hpp"

#include <vector>

#include "codec/jpeg_encoder.hpp"
#include "shmvideo/picture.hpp"
#include "sink/mjpeg/frame_tag.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::sink;

namespace {

std::string reason_of(const FrameInfo& frame, const RawWish& wish) {
  std::string reason;
  CHECK_FALSE(raw_form(frame, wish, reason));
  return reason;
}

FrameInfo form_of_wish(const FrameInfo& frame, const RawWish& wish) {
  std::string reason;
  const auto form = raw_form(frame, wish, reason);
  INFO(reason);
  REQUIRE(form);
  return *form;
}

FrameInfo coded(PixelFormat format, std::uint32_t width, std::uint32_t height, std::size_t bytes) {
  FrameInfo info;
  info.fourcc = info_of(format).fourcc;
  info.width = width;
  info.height = height;
  info.payload_bytes = bytes;
  return info;
}

std::vector<std::byte> bytes_of(const FrameInfo& frame, std::span<const std::byte> payload,
                                const RawWish& wish) {
  const FrameInfo form = form_of_wish(frame, wish);
  std::vector<std::byte> to(form.payload_bytes);
  std::string reason;
  const bool is_made = make_raw(frame, payload, form, to, reason);
  INFO(reason);
  REQUIRE(is_made);
  return to;
}

std::vector<std::byte> filled(std::size_t size, int value) {
  return std::vector<std::byte>(size, static_cast<std::byte>(value));
}

}  // namespace

TEST_CASE("without a wish a frame keeps its format and size", "[sink][raw]") {
  for (const PixelFormatInfo& each : pixel_formats()) {
    if (is_coded(each.format)) continue;
    FrameInfo frame = packed_frame_info(each.format, 64, 48);
    frame.number = 7;
    const FrameInfo form = form_of_wish(frame, {});
    CHECK(form.fourcc == each.fourcc);
    CHECK(form.payload_bytes == frame.payload_bytes);
    CHECK(form.number == 7);
  }
  CHECK(form_of_wish(coded(PixelFormat::h264, 64, 48, 1000), {}).payload_bytes == 1000);
}

TEST_CASE("rows with something behind them are packed", "[sink][raw]") {
  FrameInfo frame = packed_frame_info(PixelFormat::bgr24, 4, 2);
  frame.plane_stride[0] = 16;
  frame.payload_bytes = 32;
  std::vector<std::byte> payload = filled(32, 1);
  for (std::size_t i = 12; i < 16; ++i) payload[i] = payload[16 + i] = std::byte{99};
  CHECK(bytes_of(frame, payload, {}) == filled(24, 1));
}

TEST_CASE("a frame is converted, and becomes smaller, but not larger", "[sink][raw]") {
  const FrameInfo frame = packed_frame_info(PixelFormat::bgr24, 64, 48);
  const auto gray =
      bytes_of(frame, filled(frame.payload_bytes, 200), {.format = PixelFormat::gray8, .width = 32});
  REQUIRE(gray.size() == 32 * 24);
  CHECK(std::to_integer<int>(gray[100]) > 195);
  CHECK(std::to_integer<int>(gray[100]) < 205);
  CHECK(form_of_wish(frame, {.width = 640, .height = 480}).width == 64);
}

TEST_CASE("a range stays what it was, and that of a JPEG picture is full", "[sink][raw]") {
  FrameInfo frame = packed_frame_info(PixelFormat::nv12, 64, 48);
  for (const std::uint8_t range : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}}) {
    frame.colour_range = range;
    CHECK(form_of_wish(frame, {.format = PixelFormat::i420}).colour_range == range);
  }
  const FrameInfo jpeg = coded(PixelFormat::jpeg, 64, 48, 1000);
  CHECK(form_of_wish(jpeg, {.format = PixelFormat::yuyv}).colour_range == 2);
  CHECK_THAT(raw_headers(form_of_wish(jpeg, {.format = PixelFormat::i420})),
             ContainsSubstring("X-Format: I420\r\nX-Width: 64\r\nX-Height: 48\r\nX-Strides: 64,32,32\r\n"
                               "X-Offsets: 0,3072,3840\r\nX-Color-Range: full\r\n"));
}

TEST_CASE("a JPEG frame is decoded when it is asked for in a raw format", "[sink][raw]") {
  const FrameInfo gray = packed_frame_info(PixelFormat::gray8, 64, 48);
  const auto pixels = filled(gray.payload_bytes, 77);
  codec::JpegEncoder encoder;
  codec::JpegBuffer buffer;
  REQUIRE(encoder.encode(*as_picture(gray, std::span(pixels)), 95, buffer));
  const FrameInfo frame = coded(PixelFormat::jpeg, 64, 48, buffer.bytes().size());

  CHECK(bytes_of(frame, buffer.bytes(), {}).size() == buffer.bytes().size());
  for (const std::uint32_t width : {0u, 32u}) {
    const auto bgr = bytes_of(frame, buffer.bytes(), {.format = PixelFormat::bgr24, .width = width});
    REQUIRE(bgr.size() == (width ? 32 * 24 * 3 : 64 * 48 * 3));
    CHECK(std::abs(std::to_integer<int>(bgr[500]) - 77) <= 2);
  }

  std::string reason;
  FrameInfo lie = frame;
  lie.width = 128;
  const FrameInfo form = form_of_wish(lie, {.format = PixelFormat::bgr24});
  std::vector<std::byte> to(form.payload_bytes);
  CHECK_FALSE(make_raw(lie, buffer.bytes(), form, to, reason));
  CHECK(reason == "the JPEG picture is not as large as its frame says");
}

TEST_CASE("what cannot be is refused with the reason", "[sink][raw]") {
  const FrameInfo bgr = packed_frame_info(PixelFormat::bgr24, 64, 48);
  const FrameInfo jpeg = coded(PixelFormat::jpeg, 64, 48, 1000);
  const FrameInfo h264 = coded(PixelFormat::h264, 64, 48, 1000);
  CHECK_THAT(reason_of(bgr, {.format = PixelFormat::jpeg}), ContainsSubstring("/stream/video/frame"));
  CHECK_THAT(reason_of(bgr, {.format = PixelFormat::h264}), ContainsSubstring("cannot make H264 of BGR24"));
  CHECK_THAT(reason_of(jpeg, {.width = 32}), ContainsSubstring("format=BGR24"));
  CHECK_THAT(reason_of(h264, {.format = PixelFormat::bgr24}), ContainsSubstring("cannot convert H264"));
  CHECK_THAT(reason_of(h264, {.width = 32}), ContainsSubstring("cannot convert H264"));
}

TEST_CASE("every frame and every form has a tag of its own", "[sink][raw]") {
  FrameInfo frame = packed_frame_info(PixelFormat::bgr24, 64, 48);
  frame.number = 1;
  frame.generation = 1;
  const PictureForm form{.quality = 85};
  const std::string tag = frame_tag(frame, form);
  CHECK(tag.starts_with('"'));
  CHECK(tag.ends_with('"'));
  CHECK(tag == frame_tag(frame, form));
  CHECK(tag == frame_tag(frame, PictureForm{.quality = 85, .width = 64, .height = 48}));
  CHECK(tag != frame_tag(frame, PictureForm{.quality = 86}));
  CHECK(tag != frame_tag(frame, PictureForm{.quality = 85, .width = 32, .height = 24}));
  CHECK(tag != frame_tag(frame, PictureForm{}));
  for (const auto field : {&FrameInfo::number, &FrameInfo::generation, &FrameInfo::capture_realtime_ns}) {
    FrameInfo other = frame;
    ++(other.*field);
    CHECK(tag != frame_tag(other, form));
  }
}
