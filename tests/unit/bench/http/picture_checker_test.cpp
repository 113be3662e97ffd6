// SPDX-License-Identifier: Apache-2.0
#include "http/picture_checker.hpp"

#include "codec/jpeg_encoder.hpp"
#include "shmvideo/picture.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::bench::http;

namespace {

std::string coded_picture() {
  const FrameInfo info = packed_frame_info(PixelFormat::gray8, 64, 48);
  std::vector<std::byte> pixels(info.payload_bytes);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::byte>(i * 37);
  codec::JpegEncoder encoder;
  codec::JpegBuffer buffer;
  REQUIRE(encoder.encode(*as_picture(info, std::span<const std::byte>(pixels)), 85, buffer));
  const auto bytes = buffer.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST_CASE("pictures are decoded beside, and those that are damaged are found") {
  const std::string good = coded_picture();
  std::string cut = good.substr(0, good.size() / 2) + "\xff\xd9";
  PictureChecker checker;
  checker.offer(good);
  checker.offer(cut);
  checker.offer(std::string("\xff\xd8\xff\xd9"));
  const Decoding decoding = checker.finish();
  CHECK(decoding.is_on);
  CHECK(decoding.decoded == 3);
  CHECK(decoding.undecodable == 2);
  CHECK_FALSE(decoding.newest_problem.empty());
}

TEST_CASE("pictures that there is no time for are passed over") {
  const std::string good = coded_picture();
  PictureChecker checker;
  for (int i = 0; i < 2000; ++i) checker.offer(good);
  const Decoding decoding = checker.finish();
  CHECK(decoding.decoded + decoding.passed_over == 2000);
  CHECK(decoding.decoded > 0);
  CHECK(decoding.undecodable == 0);
}
