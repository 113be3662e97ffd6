// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/rate_meter.hpp"

#include "support/catch.hpp"

using shmvideo::sink::RateMeter;

namespace {
constexpr std::uint64_t kSecond = 1'000'000'000;
}

TEST_CASE("a rate is measured over the last seconds", "[sink][mjpeg]") {
  const std::uint64_t start = 1234 * kSecond + kSecond / 2;
  RateMeter meter(start);
  CHECK(meter.per_second(start) == 0);
  for (std::uint64_t i = 1; i <= 300; ++i) meter.count(start + i * kSecond / 30);
  const std::uint64_t end = start + 10 * kSecond;
  CHECK(meter.per_second(end) == Approx(30).margin(0.5));
  CHECK(meter.per_second(end + 2 * kSecond) < 20);
  CHECK(meter.per_second(end + 60 * kSecond) == 0);
}

TEST_CASE("a rate of the first second does not count the time before", "[sink][mjpeg]") {
  const std::uint64_t start = 1234 * kSecond + kSecond * 9 / 10;
  RateMeter meter(start);
  for (std::uint64_t i = 1; i <= 15; ++i) meter.count(start + i * kSecond / 30);
  CHECK(meter.per_second(start + kSecond / 2) == Approx(30).margin(0.5));
}
