// SPDX-License-Identifier: Apache-2.0
// Pictures of frames in every format and size, read back and held beside the frame.
#include "sink/mjpeg/pictures/frame_encoder.hpp"

#include <vector>

#include "../../codec/guarded_picture.hpp"
#include "codec/caption.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo::sink;
using namespace std::chrono_literals;
using shmvideo_test::draw_gradient;
using shmvideo_test::GuardedPicture;
using shmvideo_test::mean_difference;

namespace {

constexpr PixelFormat kFormats[] = {PixelFormat::bgr24, PixelFormat::rgb24, PixelFormat::gray8,
                                    PixelFormat::yuyv,  PixelFormat::uyvy,  PixelFormat::nv12,
                                    PixelFormat::i420,  PixelFormat::jpeg};

/// A frame of a real segment that shows `drawn` (BGR24).
class Shown {
 public:
  Shown(PixelFormat format, const GuardedPicture& drawn) {
    codec::PictureConverter converter;
    const auto& [_, width, height, plane, stride, range] = drawn.picture();
    FrameInfo info = packed_frame_info(format, width, height);
    std::vector<std::byte> bytes(info.payload_bytes);
    if (format == PixelFormat::jpeg) {
      codec::JpegEncoder encoder;
      codec::JpegBuffer buffer;
      REQUIRE(encoder.encode(drawn.picture(), 95, buffer));
      bytes.assign(buffer.bytes().begin(), buffer.bytes().end());
      info = {};
      info.fourcc = info_of(PixelFormat::jpeg).fourcc;
      info.width = width;
      info.height = height;
      info.payload_bytes = bytes.size();
    } else {
      const auto to = as_picture(info, std::span(bytes));
      REQUIRE(converter.convert(drawn.picture(), *to));
    }
    WriterOptions options;
    options.slots = 3;
    options.slot_capacity_bytes = bytes.size();
    writer_ = Writer::create(name_, options);
    reader_ = Reader::attach(name_);
    REQUIRE(writer_->publish(info, bytes) == PublishStatus::published);
    auto frame = std::make_shared<Frame>();
    REQUIRE(reader_->next(*frame, 10s) == ReadStatus::frame);
    fed = {frame, 1, 0, nullptr};
  }
  /// Writes so many frames that this one's slot is taken back.
  void overwrite() {
    FrameInfo info = packed_frame_info(PixelFormat::gray8, 2, 2);
    for (int i = 0; i < 6; ++i)
      REQUIRE(writer_->publish(info, std::vector<std::byte>(4)) == PublishStatus::published);
  }
  FedFrame fed;

 private:
  shmvideo_test::TempPlace place_;
  SegmentName name_{"shown"};
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Reader> reader_;
};

struct Size {
  std::uint32_t width;
  std::uint32_t height;
};

/// The picture as pixels, of the size that it has.
std::unique_ptr<GuardedPicture> pixels_of(const JpegPicture& picture) {
  codec::JpegDecoder decoder;
  const auto header = decoder.probe(picture.bytes);
  REQUIRE(header);
  auto pixels = std::make_unique<GuardedPicture>(PixelFormat::bgr24, header->width, header->height);
  REQUIRE(decoder.decode(picture.bytes, pixels->picture()) == codec::JpegStatus::ok);
  return pixels;
}

}  // namespace

TEST_CASE("a form fits inside what was asked, keeps the ratio, is even and never larger than the frame",
          "[sink][mjpeg]") {
  FrameInfo frame = packed_frame_info(PixelFormat::bgr24, 1920, 1080);
  const auto size = [&frame](std::uint32_t width, std::uint32_t height) {
    const PictureForm form = form_of({.width = width, .height = height}, frame);
    return std::pair{form.width, form.height};
  };
  using Pair = std::pair<std::uint32_t, std::uint32_t>;
  CHECK(size(0, 0) == Pair{0, 0});
  CHECK(size(640, 0) == Pair{640, 360});
  CHECK(size(0, 360) == Pair{640, 360});
  CHECK(size(640, 640) == Pair{640, 360});
  CHECK(size(3000, 360) == Pair{640, 360});
  CHECK(size(1920, 1080) == Pair{0, 0});
  CHECK(size(16384, 16384) == Pair{0, 0});
  CHECK(size(1, 0) == Pair{2, 2});
  CHECK(size(0, 1) == Pair{2, 2});
  CHECK(size(333, 0) == Pair{332, 188});
  for (std::uint32_t bound = 1; bound <= 1920; bound += 7) {
    const PictureForm form = form_of({.width = bound}, frame);
    if (form.width == 0) continue;
    CHECK(form.width % 2 == 0);
    CHECK(form.height % 2 == 0);
    CHECK(form.width <= std::max(bound, 2U));
  }
  frame = packed_frame_info(PixelFormat::bgr24, 1, 65535);
  CHECK(size(0, 100) == Pair{2, 100});
  frame = packed_frame_info(PixelFormat::bgr24, 3, 2);
  CHECK(size(2, 0) == Pair{2, 2});
}

TEST_CASE("frames of every format are encoded in every size as they look", "[sink][mjpeg]") {
  FrameEncoder encoder;
  for (const auto& [width, height] : {Size{320, 180}, {321, 181}}) {
    GuardedPicture drawn(PixelFormat::bgr24, width, height);
    draw_gradient(drawn);
    for (const PixelFormat format : kFormats) {
      const Shown shown(format, drawn);
      for (const Size asked : {Size{0, 0}, {160, 0}, {100, 0}, {0, 40}}) {
        INFO(info_of(format).name << " " << width << "x" << height << " as " << asked.width << "x"
                                  << asked.height);
        const PictureForm form =
            form_of({.quality = 95, .is_quality_asked = true, .width = asked.width, .height = asked.height},
                    shown.fed.info());
        JpegPicture picture;
        std::string reason;
        REQUIRE(encoder.encode(shown.fed, form, picture, reason) == EncodeStatus::ok);
        const auto seen = pixels_of(picture);
        CHECK(seen->picture().width == (asked.width + asked.height == 0 ? width : form.width));
        CHECK(seen->picture().height == (asked.width + asked.height == 0 ? height : form.height));
        GuardedPicture expected(PixelFormat::bgr24, seen->picture().width, seen->picture().height);
        draw_gradient(expected);  // smooth: it looks alike in all sizes
        if (format == PixelFormat::gray8) {
          GuardedPicture gray(PixelFormat::gray8, expected.picture().width, expected.picture().height);
          codec::PictureConverter converter;
          REQUIRE(converter.convert(expected.picture(), gray.picture()));
          REQUIRE(converter.convert(gray.picture(), expected.picture()));
        }
        CHECK(mean_difference(expected, *seen) < 6);
      }
    }
  }
}

TEST_CASE("sizes at the ends make pictures", "[sink][mjpeg]") {
  FrameEncoder encoder;
  for (const auto& [width, height] : {Size{1, 1}, {1, 300}, {300, 1}, {3, 2}, {2000, 2}, {5, 1111}}) {
    GuardedPicture drawn(PixelFormat::bgr24, width, height);
    draw_gradient(drawn);
    for (const PixelFormat format : kFormats) {
      const Shown shown(format, drawn);
      for (const Size asked : {Size{1, 1}, {1, 0}, {0, 1}, {2, 2}, {16384, 16384}, {0, 0}}) {
        INFO(info_of(format).name << " " << width << "x" << height << " as " << asked.width << "x"
                                  << asked.height);
        const PictureForm form = form_of(
            {.is_quality_asked = true, .width = asked.width, .height = asked.height}, shown.fed.info());
        JpegPicture picture;
        std::string reason;
        const EncodeStatus status = encoder.encode(shown.fed, form, picture, reason);
        INFO(reason);
        REQUIRE(status == EncodeStatus::ok);
        pixels_of(picture);
      }
    }
  }
}

TEST_CASE("what is kept of a frame is dark, no larger than it need be, and lives on without the frame",
          "[sink][mjpeg]") {
  FrameEncoder encoder;
  for (const auto& [width, height] : {Size{320, 180}, {321, 181}, {2400, 1200}}) {
    GuardedPicture drawn(PixelFormat::bgr24, width, height);
    draw_gradient(drawn);
    for (const PixelFormat format : kFormats) {
      INFO(info_of(format).name << " " << width << "x" << height);
      Shown shown(format, drawn);
      const std::uint64_t number = shown.fed.info().number;
      const auto kept = encoder.keep(*shown.fed.frame);
      REQUIRE(kept);
      shown.overwrite();
      shown.fed.drop();
      CHECK(kept->info.number == number);
      CHECK(kept->picture.width == std::min(width, 1920U));
      CHECK(kept->info.width == kept->picture.width);
      const FedFrame still{nullptr, 2, 0, std::make_shared<Still>(Still{kept, {"the writer died"}})};
      for (const std::uint32_t asked : {0U, 160U}) {
        const PictureForm form = form_of({.quality = 90, .width = asked}, still.info());
        CHECK_FALSE(form.is_as_is());
        JpegPicture picture;
        std::string reason;
        REQUIRE(encoder.encode(still, form, picture, reason) == EncodeStatus::ok);
        const auto seen = pixels_of(picture);
        CHECK(seen->picture().width == (asked != 0 ? asked : kept->picture.width));
        // Dark where it was bright; and white somewhere in the middle, where the words stand.
        CHECK(seen->at(0, 0, seen->picture().height - 1) < 140);
        std::uint8_t brightest = 0;
        const std::uint32_t row_bytes = seen->picture().width * 3;
        for (std::uint32_t y = seen->picture().height / 3; y < seen->picture().height * 2 / 3; ++y) {
          for (std::uint32_t x = 0; x < row_bytes; ++x) brightest = std::max(brightest, seen->at(0, x, y));
        }
        CHECK(brightest > 180);
      }
    }
  }
}

TEST_CASE("of a frame that was taken back nothing is kept", "[sink][mjpeg]") {
  GuardedPicture drawn(PixelFormat::bgr24, 64, 48);
  draw_gradient(drawn);
  Shown shown(PixelFormat::i420, drawn);
  const auto frame = shown.fed.frame;
  for (int i = 0; i < 20 && frame->valid(); ++i) shown.overwrite();
  if (frame->valid()) return;  // held against all that is published: then there is nothing to show here
  CHECK(FrameEncoder().keep(*frame) == nullptr);
}
