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
