// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/multipart.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::sink;

TEST_CASE("a part says what it is, how long, when it was captured and which frame", "[sink][mjpeg]") {
  JpegPicture picture;
  picture.copied.resize(12345);
  picture.bytes = picture.copied;
  picture.info.number = 42;
  picture.info.capture_realtime_ns = 1'700'000'000'000'042'999;
  write_part_head(picture);
  CHECK(picture.part_head() ==
        "Content-Type: image/jpeg\r\nContent-Length: 12345\r\nX-Timestamp: 1700000000.000042\r\n"
        "X-Frame-Number: 42\r\n\r\n");
}

TEST_CASE("the longest numbers fit into a part's head", "[sink][mjpeg]") {
  JpegPicture picture;
  picture.info.number = ~std::uint64_t{0};
  picture.info.capture_realtime_ns = ~std::uint64_t{0};
  picture.bytes = {static_cast<const std::byte*>(nullptr), ~std::size_t{0} / 2};
  write_part_head(picture);
  CHECK(picture.part_head().ends_with("X-Frame-Number: 18446744073709551615\r\n\r\n"));
}

TEST_CASE("extra headers tell what a latency can be computed from", "[sink][mjpeg]") {
  FrameInfo info;
  info.number = 7;
  info.capture_realtime_ns = 1'700'000'000'000'042'999;
  const PartExtras extras{.is_online = false,
                          .dropped = 3,
                          .width = 640,
                          .height = 480,
                          .client_fps = 29.97,
                          .grab_ns = 5'000'000'000,
                          .encode_begin_ns = 5'001'000'000,
                          .encode_end_ns = 5'006'000'000,
                          .send_ns = 5'007'500'000};
  PartHead text;
  CHECK(write_part_head(info, 100, &extras, text) ==
        "Content-Type: image/jpeg\r\nContent-Length: 100\r\nX-Timestamp: 1700000000.000042\r\n"
        "X-Frame-Number: 7\r\nX-ShmVideo-Online: false\r\nX-ShmVideo-Dropped: 3\r\nX-ShmVideo-Width: 640\r\n"
        "X-ShmVideo-Height: 480\r\nX-ShmVideo-Client-FPS: 30.0\r\nX-ShmVideo-Grab-Time: 5.000000\r\n"
        "X-ShmVideo-Encode-Begin-Time: 5.001000\r\nX-ShmVideo-Encode-End-Time: 5.006000\r\n"
        "X-ShmVideo-Send-Time: 5.007500\r\nX-ShmVideo-Latency: 0.007500\r\n\r\n");
  CHECK(write_part_head(info, 0, nullptr, text) ==
        "Content-Type: image/jpeg\r\nContent-Length: 0\r\nX-Timestamp: 1700000000.000042\r\n"
        "X-Frame-Number: 7\r\n\r\n");
}

TEST_CASE("the longest extra headers fit", "[sink][mjpeg]") {
  FrameInfo info;
  info.number = info.capture_realtime_ns = ~std::uint64_t{0};
  const PartExtras extras{false, ~0ULL, ~0U, ~0U, 1e15, ~0ULL, ~0ULL, ~0ULL, ~0ULL};
  PartHead text;
  const auto head = write_part_head(info, ~std::size_t{0}, &extras, text);
  CHECK(head.ends_with("X-ShmVideo-Latency: 0.000000\r\n\r\n"));
}

TEST_CASE("pictures that nobody uses are used again, and not too many are kept", "[sink][mjpeg]") {
  PicturePool pool;
  const auto* first = pool.take().get();
  CHECK(pool.take().get() == first);
  std::vector<std::shared_ptr<JpegPicture>> taken;
  for (int i = 0; i < 30; ++i) taken.push_back(pool.take());
  CHECK(pool.size() == 30);
  taken.clear();
  for (int i = 0; i < 30; ++i) pool.take();
  CHECK(pool.size() == 8);
}
