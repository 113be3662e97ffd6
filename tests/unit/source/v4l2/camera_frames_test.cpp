// SPDX-License-Identifier: Apache-2.0
// What drivers say of their frames, believed only as far as it can be.
#include <cstdlib>
#include <vector>

#include "codec/jpeg_encoder.hpp"
#include "shmvideo/picture.hpp"
#include "source/v4l2/coded_frame.hpp"
#include "source/v4l2/frame_maker.hpp"
#include "source/v4l2/sequence_count.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::source;

namespace {

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> made;
  for (const int value : values) made.push_back(static_cast<std::byte>(value));
  return made;
}

ModeChoice mode(PixelFormat format, FrameUse use) {
  ModeChoice choice;
  choice.fourcc = info_of(format).fourcc;
  choice.format = format;
  choice.use = use;
  return choice;
}

DriverFrame frame_of(const std::vector<std::byte>& memory) {
  DriverFrame frame;
  frame.bytes = memory;
  return frame;
}

}  // namespace

TEST_CASE("source numbers go up by what the driver counts, across its wrap") {
  SequenceCount count;
  CHECK(count.take(0xfffffffe) == 1);
  CHECK(count.take(0xffffffff) == 2);
  CHECK(count.take(0) == 3);
  CHECK(count.take(5) == 8);
  CHECK(count.lost() == 4);
}

TEST_CASE("a driver that does not count, or starts over, is not believed") {
  SequenceCount count;
  CHECK(count.take(0) == 1);
  CHECK(count.take(0) == 2);
  CHECK(count.take(1000) == 1002);
  CHECK(count.take(3) == 1003);
  CHECK(count.take(4) == 1004);
  CHECK(count.take(0x7fffffff) == 1005);
  CHECK(count.lost() == 999);
}

TEST_CASE("a frame that is shorter than its picture is corrupt") {
  FrameMaker maker(mode(PixelFormat::yuyv, FrameUse::pass),
                   {info_of(PixelFormat::yuyv).fourcc, {4, 2}, 8, 16}, PixelFormat::yuyv);
  std::vector<std::byte> slot(maker.payload_bytes());
  std::vector<std::byte> memory(16, std::byte{7});
  FrameInfo info;
  info.number = 9;
  CHECK(maker.make(frame_of(memory), slot, info) == FillStatus::filled);
  CHECK(info.number == 9);
  CHECK(slot == memory);
  memory.pop_back();
  CHECK(maker.make(frame_of(memory), slot, info) == FillStatus::corrupt);
  CHECK(maker.make(frame_of({}), slot, info) == FillStatus::corrupt);
  CHECK(maker.make(frame_of(memory), std::span(slot).first(3), info) == FillStatus::corrupt);
}

TEST_CASE("rows that the driver pads are packed") {
  FrameMaker maker(mode(PixelFormat::nv12, FrameUse::pass),
                   {info_of(PixelFormat::nv12).fourcc, {4, 2}, 6, 18}, PixelFormat::nv12);
  const auto memory = bytes({1, 2, 3, 4, 0, 0, 5, 6, 7, 8, 0, 0, 9, 10, 11, 12, 0, 0});
  std::vector<std::byte> slot(maker.payload_bytes());
  FrameInfo info;
  REQUIRE(maker.make(frame_of(memory), slot, info) == FillStatus::filled);
  CHECK(slot == bytes({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
}

TEST_CASE("a stride that no row fits into is not believed") {
  FrameMaker maker(mode(PixelFormat::gray8, FrameUse::pass),
                   {info_of(PixelFormat::gray8).fourcc, {4, 2}, 1, 8}, PixelFormat::gray8);
  const std::vector<std::byte> memory(8, std::byte{1});
  std::vector<std::byte> slot(maker.payload_bytes());
  FrameInfo info;
  CHECK(maker.make(frame_of(memory), slot, info) == FillStatus::filled);
}

TEST_CASE(
    "JPEG frames are decoded, with the padding that webcams leave behind, but not when they are cut short") {
  FrameMaker maker(mode(PixelFormat::jpeg, FrameUse::decode),
                   {info_of(PixelFormat::jpeg).fourcc, {64, 32}, 0, 9999}, PixelFormat::bgr24);
  const FrameInfo drawn = packed_frame_info(PixelFormat::bgr24, 64, 32);
  const std::vector<std::byte> red(drawn.payload_bytes, std::byte{200});
  codec::JpegEncoder encoder;
  codec::JpegBuffer coded;
  REQUIRE(encoder.encode(*as_picture(drawn, red), 90, coded));
  std::vector<std::byte> memory(coded.bytes().begin(), coded.bytes().end());
  std::vector<std::byte> slot(maker.payload_bytes());
  FrameInfo info;
  REQUIRE(maker.make(frame_of(memory), slot, info) == FillStatus::filled);
  CHECK(info.width == 64);
  CHECK(std::abs(std::to_integer<int>(slot[100]) - 200) < 4);
  memory.insert(memory.end() - 2, 5, std::byte{0});  // before the end marker, as some of them do
  memory.insert(memory.end(), 100, std::byte{0});
  CHECK(maker.make(frame_of(memory), slot, info) == FillStatus::filled);
  memory.resize(coded.bytes().size() / 2);
  CHECK(maker.make(frame_of(memory), slot, info) == FillStatus::corrupt);

  FrameMaker other(mode(PixelFormat::jpeg, FrameUse::decode),
                   {info_of(PixelFormat::jpeg).fourcc, {32, 32}, 0, 9999}, PixelFormat::bgr24);
  memory.assign(coded.bytes().begin(), coded.bytes().end());
  CHECK(other.make(frame_of(memory), slot, info) == FillStatus::corrupt);  // not the size that was agreed on
}

TEST_CASE("bytes that are no JPEG are corrupt") {
  FrameMaker maker(mode(PixelFormat::jpeg, FrameUse::decode),
                   {info_of(PixelFormat::jpeg).fourcc, {4, 2}, 0, 64}, PixelFormat::bgr24);
  const std::vector<std::byte> memory(64, std::byte{0x55});
  std::vector<std::byte> slot(maker.payload_bytes());
  FrameInfo info;
  CHECK(maker.make(frame_of(memory), slot, info) == FillStatus::corrupt);
  CHECK(maker.make(frame_of({}), slot, info) == FillStatus::corrupt);
}

TEST_CASE("a coded frame beyond its slot asks for a larger one") {
  FrameMaker maker(mode(PixelFormat::jpeg, FrameUse::copy),
                   {info_of(PixelFormat::jpeg).fourcc, {4, 2}, 0, 100}, PixelFormat::bgr24);
  CHECK(maker.payload_bytes() == 512 * 1024);
  const std::vector<std::byte> memory(600 * 1024, std::byte{3});
  std::vector<std::byte> slot(maker.payload_bytes());
  FrameInfo info;
  REQUIRE(maker.make(frame_of(memory), slot, info) == FillStatus::format_changed);
  slot.resize(maker.payload_bytes());
  REQUIRE(maker.make(frame_of(memory), slot, info) == FillStatus::filled);
  CHECK(info.payload_bytes == memory.size());
  CHECK(info.plane_count == 0);
  CHECK(info.is_key());
}

TEST_CASE("key frames are known by their first slice") {
  CHECK(is_key_frame(PixelFormat::jpeg, {}));
  CHECK(is_key_frame(PixelFormat::h264, bytes({0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 1, 0x65, 3})));
  CHECK_FALSE(is_key_frame(PixelFormat::h264, bytes({0, 0, 1, 0x41, 1, 0, 0, 1, 0x65})));
  CHECK(is_key_frame(PixelFormat::h265, bytes({0, 0, 1, 0x40, 1, 0, 0, 1, 0x26, 1})));
  CHECK_FALSE(is_key_frame(PixelFormat::h265, bytes({0, 0, 1, 0x02, 1})));
  CHECK_FALSE(is_key_frame(PixelFormat::h264, bytes({0, 0, 1})));
  CHECK_FALSE(is_key_frame(PixelFormat::h264, {}));
}
