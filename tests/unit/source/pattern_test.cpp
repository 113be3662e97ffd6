// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <vector>

#include "codec/jpeg_decoder.hpp"
#include "codec/jpeg_encoder.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/picture.hpp"
#include "source/pattern/number_squares.hpp"
#include "source/pattern/pattern_picture.hpp"
#include "source/pattern/pattern_source.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::source;

namespace {

constexpr PixelFormat kRaw[] = {PixelFormat::bgr24, PixelFormat::rgb24, PixelFormat::gray8, PixelFormat::yuyv,
                                PixelFormat::uyvy,  PixelFormat::nv12,  PixelFormat::i420};
constexpr const char* kNoon = "12:00:00.000";

Picture seen(const PatternPicture& pattern, const std::vector<std::byte>& slot) {
  return *as_picture(pattern.layout(), std::span<const std::byte>(slot));
}

}  // namespace

TEST_CASE("squares are as large as the width allows") {
  CHECK(square_side(1920, 1080) == 32);
  CHECK(square_side(544, 480) == 32);
  CHECK(square_side(543, 480) == 24);
  CHECK(square_side(416, 480) == 24);
  CHECK(square_side(320, 240) == 16);
  CHECK(square_side(160, 120) == 8);
  CHECK(square_side(159, 120) == 0);
  CHECK(square_side(0, 0) == 0);
  CHECK(square_side(160, 23) == 0);
  CHECK(square_side(160, 24) == 8);
}

TEST_CASE("the number is read back in every format and size") {
  for (PixelFormat format : kRaw) {
    for (auto [width, height] :
         {std::pair{1920U, 1080U}, {640U, 480U}, {321U, 241U}, {160U, 24U}, {545U, 49U}}) {
      PatternPicture pattern(format, width, height);
      std::vector<std::byte> slot(pattern.layout().payload_bytes);
      for (std::uint64_t number : {1ULL, 2ULL, 0x5555ULL, 0xaaaaULL, 0xffffULL, 0x10000ULL, 0x123456789ULL}) {
        REQUIRE(pattern.draw(slot, number, kNoon));
        INFO(info_of(format).name << " " << width << "x" << height << " #" << number);
        REQUIRE(read_number(seen(pattern, slot)) == static_cast<std::uint16_t>(number));
      }
    }
  }
}

TEST_CASE("the number survives JPEG of quality 10 in every format") {
  codec::JpegEncoder encoder;
  codec::JpegDecoder decoder;
  codec::JpegBuffer jpeg;
  for (PixelFormat format : kRaw) {
    for (auto [width, height] : {std::pair{1280U, 720U}, {322U, 240U}, {161U, 121U}}) {
      PatternPicture pattern(format, width, height);
      std::vector<std::byte> slot(pattern.layout().payload_bytes);
      const FrameInfo decoded_info = packed_frame_info(PixelFormat::bgr24, width, height);
      std::vector<std::byte> decoded(decoded_info.payload_bytes);
      const auto target = *as_picture(decoded_info, std::span<std::byte>(decoded));
      for (std::uint64_t number = 1; number < 65536; number = number * 3 + 1) {
        REQUIRE(pattern.draw(slot, number, kNoon));
        REQUIRE(encoder.encode(seen(pattern, slot), 10, jpeg));
        REQUIRE(decoder.decode(jpeg.bytes(), target) == codec::JpegStatus::ok);
        INFO(info_of(format).name << " " << width << "x" << height);
        REQUIRE(read_number(target) == static_cast<std::uint16_t>(number));
      }
    }
  }
}

TEST_CASE("a slot that is drawn into again looks as if it had been fresh") {
  for (PixelFormat format : kRaw) {
    for (auto [width, height] : {std::pair{640U, 360U}, {323U, 181U}, {64U, 48U}}) {
      PatternPicture pattern(format, width, height), fresh_pattern(format, width, height);
      std::vector<std::byte> slots[3];
      for (auto& slot : slots) slot.resize(pattern.layout().payload_bytes);
      for (std::uint64_t number = 1; number < 200; number += 1 + number % 7) {
        auto& slot = slots[number % 3];
        std::vector<std::byte> fresh(slot.size());
        pattern.draw(slot, number, kNoon);
        fresh_pattern.draw(fresh, number, kNoon);
        INFO(info_of(format).name << " " << width << "x" << height << " #" << number);
        REQUIRE(slot == fresh);
      }
    }
  }
}

TEST_CASE("a slot that somebody else wrote to is drawn afresh") {
  PatternPicture pattern(PixelFormat::bgr24, 640, 360);
  std::vector<std::byte> slot(pattern.layout().payload_bytes), expected;
  pattern.draw(slot, 1, kNoon);
  expected = slot;
  for (int value : {0, 255, 128}) {
    std::memset(slot.data(), value, slot.size());
    pattern.draw(slot, 1, kNoon);
    REQUIRE(slot == expected);
  }
}

TEST_CASE("something moves from frame to frame") {
  PatternPicture pattern(PixelFormat::gray8, 640, 360);
  std::vector<std::byte> a(pattern.layout().payload_bytes), b(a.size());
  pattern.draw(a, 1, kNoon);
  pattern.draw(b, 1 + 65536, kNoon);
  const auto band = [](const std::vector<std::byte>& slot) {
    return std::vector<std::byte>(slot.begin() + 640 * 310, slot.end());
  };
  CHECK(band(a) != band(b));
}

TEST_CASE("the smallest and the narrowest pictures can be drawn") {
  for (PixelFormat format : kRaw) {
    for (auto [width, height] :
         {std::pair{1U, 1U}, {2U, 2U}, {3U, 1U}, {1U, 65535U}, {65535U, 1U}, {17U, 9U}}) {
      PatternPicture pattern(format, width, height);
      std::vector<std::byte> slot(pattern.layout().payload_bytes);
      CHECK(pattern.draw(slot, 1, kNoon));
      CHECK(pattern.draw(slot, 2, kNoon));
      CHECK_FALSE(pattern.draw(std::span(slot).first(slot.size() - 1), 3, kNoon));
    }
  }
}

TEST_CASE("a pattern of no size or in a coded format is refused") {
  CHECK_THROWS_AS(make_pattern_source({.width = 0}), Error);
  CHECK_THROWS_AS(make_pattern_source({.height = 65536}), Error);
  CHECK_THROWS_AS(make_pattern_source({.format = PixelFormat::h264}), Error);
}

TEST_CASE("the pattern as a source describes itself and numbers its frames") {
  const auto source =
      make_pattern_source({.width = 320, .height = 240, .format = PixelFormat::nv12, .is_fast = true});
  source->open();
  CHECK(source->description().stream.width == 320);
  CHECK(source->description().stream.fourcc == info_of(PixelFormat::nv12).fourcc);
  CHECK(source->description().stream.fps_numerator == 0);
  std::vector<std::byte> slot(source->description().payload_bytes);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    FrameInfo info;
    info.number = 1000 + i;
    REQUIRE(source->wait() == WaitStatus::frame);
    REQUIRE(source->fill(slot, info) == FillStatus::filled);
    CHECK(info.source_number == i);
    CHECK(info.payload_bytes == slot.size());
    CHECK(info.capture_monotonic_ns > 0);
    CHECK(read_number(*as_picture(info, std::span<const std::byte>(slot))) == 1000 + i);
  }
  source->interrupt();
  CHECK(source->wait() == WaitStatus::interrupted);
}

TEST_CASE("the paced pattern takes at least the time that its rate asks for") {
  const auto source = make_pattern_source({.width = 64, .height = 48, .rate = {100, 1}});
  std::vector<std::byte> slot(source->description().payload_bytes);
  SteadyPaceClock clock;
  const std::int64_t start = clock.now_ns();
  FrameInfo info;
  while (info.source_number < 21) {
    info.number = 0;
    REQUIRE(source->wait() == WaitStatus::frame);
    REQUIRE(source->fill(slot, info) == FillStatus::filled);
  }
  CHECK(clock.now_ns() - start >= 200'000'000);
  CHECK(info.pts + 1 == static_cast<std::int64_t>(info.source_number));
}
