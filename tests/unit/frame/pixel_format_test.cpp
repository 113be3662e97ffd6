// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/pixel_format.hpp"

#include <set>

#include "support/catch.hpp"

using namespace shmvideo;

TEST_CASE("every format is found by its name, its aliases and its fourcc") {
  std::set<std::uint32_t> fourccs;
  for (const PixelFormatInfo& info : pixel_formats()) {
    CHECK(&info_of(info.format) == &info);
    CHECK(pixel_format_from_name(info.name) == info.format);
    CHECK(pixel_format_from_fourcc(info.fourcc) == info.format);
    CHECK(fourccs.insert(info.fourcc).second);
    CHECK_FALSE(info.description.empty());
  }
  CHECK(pixel_formats().size() == 10);
  CHECK(pixel_format_from_name("YU12") == PixelFormat::i420);
  CHECK(pixel_format_from_name("yuv420p") == PixelFormat::i420);
  CHECK(pixel_format_from_name("grey") == PixelFormat::gray8);
  CHECK(pixel_format_from_name("Y8") == PixelFormat::gray8);
  CHECK(pixel_format_from_name("hevc") == PixelFormat::h265);
  CHECK(pixel_format_from_name("mjpg") == PixelFormat::jpeg);
}

TEST_CASE("no two formats answer to the same word") {
  std::set<std::string> words;
  for (const PixelFormatInfo& info : pixel_formats()) {
    std::string text = std::string(info.name) + " " + std::string(info.aliases);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      if (end > at) CHECK(words.insert(text.substr(at, end - at)).second);
      at = end + 1;
    }
  }
}

TEST_CASE("what is no format is not found") {
  for (const char* name : {"", " ", "BGR24 ", "BGR2", "BGR BGR3", "NV21", "i 420"}) {
    CHECK_FALSE(pixel_format_from_name(name).has_value());
  }
  CHECK_FALSE(pixel_format_from_fourcc(0).has_value());
  CHECK_FALSE(pixel_format_from_fourcc(make_fourcc('N', 'V', '2', '1')).has_value());
}

TEST_CASE("fourccs are those that V4L2 uses") {
  CHECK(info_of(PixelFormat::bgr24).fourcc == make_fourcc('B', 'G', 'R', '3'));
  CHECK(info_of(PixelFormat::gray8).fourcc == make_fourcc('G', 'R', 'E', 'Y'));
  CHECK(info_of(PixelFormat::i420).fourcc == make_fourcc('Y', 'U', '1', '2'));
  CHECK(info_of(PixelFormat::nv12).fourcc == 0x3231564eU);
  CHECK(info_of(PixelFormat::jpeg).fourcc == make_fourcc('M', 'J', 'P', 'G'));
  CHECK(info_of(PixelFormat::h265).fourcc == make_fourcc('H', 'E', 'V', 'C'));
}

TEST_CASE("rows and planes of odd sizes are rounded up") {
  CHECK(plane_row_bytes(PixelFormat::bgr24, 0, 5) == 15);
  CHECK(plane_row_bytes(PixelFormat::gray8, 0, 5) == 5);
  CHECK(plane_row_bytes(PixelFormat::yuyv, 0, 5) == 12);
  CHECK(plane_row_bytes(PixelFormat::uyvy, 0, 1) == 4);
  CHECK(plane_row_bytes(PixelFormat::nv12, 0, 5) == 5);
  CHECK(plane_row_bytes(PixelFormat::nv12, 1, 5) == 6);
  CHECK(plane_row_bytes(PixelFormat::i420, 1, 5) == 3);
  CHECK(plane_rows(PixelFormat::i420, 0, 3) == 3);
  CHECK(plane_rows(PixelFormat::i420, 2, 3) == 2);
  CHECK(plane_rows(PixelFormat::nv12, 1, 1) == 1);
  CHECK(plane_rows(PixelFormat::yuyv, 0, 3) == 3);
}

TEST_CASE("a plane that a format does not have is empty") {
  CHECK(plane_row_bytes(PixelFormat::bgr24, 1, 64) == 0);
  CHECK(plane_row_bytes(PixelFormat::i420, 3, 64) == 0);
  CHECK(plane_rows(PixelFormat::nv12, 2, 64) == 0);
  CHECK(plane_row_bytes(PixelFormat::h264, 0, 64) == 0);
}
