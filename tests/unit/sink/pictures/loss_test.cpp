// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/loss.hpp"

#include <ctime>

#include "sink/mjpeg/pictures/stage_histogram.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::sink;

TEST_CASE("a writer that died or stopped is lost at once, one that lives only when it is quiet",
          "[sink][mjpeg]") {
  constexpr std::uint64_t kQuiet = kQuietMaxNs, kLively = kQuietMaxNs - 1;
  const auto reason = [](SegmentState state, std::uint32_t source, std::uint64_t quiet_ns) {
    return reason_of_loss(state, source, quiet_ns).value_or("");
  };
  CHECK(reason(SegmentState::live, SHMV_SOURCE_OK, kQuiet * 1000) == "");
  CHECK(reason(SegmentState::dead, SHMV_SOURCE_OK, 0) == "the writer died");
  CHECK(reason(SegmentState::closed, SHMV_SOURCE_ENDED, 0) == "the writer has stopped");
  CHECK(reason(SegmentState::live, SHMV_SOURCE_RECONNECTING, kLively) == "");
  CHECK(reason(SegmentState::live, SHMV_SOURCE_RECONNECTING, kQuiet) == "camera lost, reconnecting");
  CHECK(reason(SegmentState::live, SHMV_SOURCE_ENDED, kQuiet) == "the source has ended");
  CHECK(reason(SegmentState::stalled, SHMV_SOURCE_OK, kLively) == "");
  CHECK(reason(SegmentState::stalled, SHMV_SOURCE_OK, kQuiet) == "the writer hangs");
  CHECK(reason(SegmentState::live, 77, kQuiet) == "");
}

TEST_CASE("viewers are told why, since when and for how long", "[sink][mjpeg]") {
  const std::time_t noon = 1'750'000'000;
  char expected[40];
  std::strftime(expected, sizeof expected, "since %Y-%m-%d %H:%M:%S", std::localtime(&noon));
  const Loss loss{std::uint64_t{1'750'000'000} * 1'000'000'000, 5'000'000'000, "the writer died"};
  const auto after = [&loss](std::uint64_t seconds) {
    return words_of(loss, 5'000'000'000 + seconds * 1'000'000'000);
  };
  REQUIRE(after(0).size() == 3);
  CHECK(after(0)[0] == "the writer died");
  CHECK(after(0)[1] == expected);
  CHECK(after(0)[2] == "for 0 s");
  CHECK(after(59)[2] == "for 59 s");
  CHECK(after(61)[2] == "for 1 min 1 s");
  CHECK(after(3 * 3600 + 60)[2] == "for 3 h 1 min");
  CHECK(after(2 * 86400 + 3600)[2] == "for 2 days 1 h");
  CHECK(words_of(loss, 0)[2] == "for 0 s");
}

TEST_CASE("times are counted by the bound that they keep", "[sink][mjpeg]") {
  StageHistogram histogram;
  for (const std::uint64_t ns : {0ULL, 250'000ULL, 250'001ULL, 8'000'000ULL, 8'000'001ULL, ~0ULL / 4})
    histogram.add(ns);
  CHECK(histogram.count() == 6);
  CHECK(histogram.in_bucket(0) == 2);
  CHECK(histogram.in_bucket(1) == 1);
  CHECK(StageHistogram::bound_ns(5) == 8'000'000);
  CHECK(histogram.in_bucket(5) == 1);
  CHECK(histogram.in_bucket(6) == 1);
  CHECK(histogram.in_bucket(StageHistogram::kBounds) == 1);
}
