// SPDX-License-Identifier: Apache-2.0
#include "ledger/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "support/catch.hpp"

using shmvideo::bench::Histogram;

namespace {

std::uint64_t nearest_rank(const std::vector<std::uint64_t>& sorted, double percent) {
  const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

/// Durations as a run has them: from a microsecond to seconds, most of them short.
std::vector<std::uint64_t> durations(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> exponent(3, 10);
  std::vector<std::uint64_t> values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(static_cast<std::uint64_t>(std::pow(10, exponent(engine))));
  return values;
}

}  // namespace

TEST_CASE("percentiles are those of the sorted durations, at most 1/32 too high") {
  for (const std::size_t count : {1U, 2U, 10U, 1000U, 50000U}) {
    std::vector<std::uint64_t> values = durations(count, count);
    Histogram histogram;
    for (const std::uint64_t value : values) histogram.record(value);
    std::ranges::sort(values);
    CHECK(histogram.count() == count);
    CHECK(histogram.max_ns() == values.back());
    for (const double percent : {0.0, 1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
      const std::uint64_t exact = nearest_rank(values, percent);
      CAPTURE(count, percent, exact);
      CHECK(histogram.percentile_ns(percent) >= exact);
      CHECK(histogram.percentile_ns(percent) <= exact + exact / 32 + 32);
    }
  }
}

TEST_CASE("every duration is in the bucket whose end is the first that it does not exceed") {
  for (std::size_t bucket = 0; bucket + 1 < Histogram::kBuckets; ++bucket) {
    const std::uint64_t end = Histogram::upper_ns(bucket);
    CAPTURE(bucket, end);
    REQUIRE(Histogram::bucket_of(end) == bucket);
    REQUIRE(Histogram::bucket_of(end + 1) == bucket + 1);
  }
}

TEST_CASE("buckets reach beyond a minute, and what is longer is kept as the maximum") {
  CHECK(Histogram::upper_ns(Histogram::kBuckets - 2) > 60'000'000'000);
  Histogram histogram;
  histogram.record(3'600'000'000'000);
  CHECK(histogram.percentile_ns(50) == 3'600'000'000'000);
  CHECK(histogram.max_ns() == 3'600'000'000'000);
}

TEST_CASE("two histograms together are the histogram of all") {
  const auto first = durations(1000, 1);
  const auto second = durations(300, 2);
  Histogram one;
  Histogram other;
  Histogram both;
  for (const std::uint64_t value : first) {
    one.record(value);
    both.record(value);
  }
  for (const std::uint64_t value : second) {
    other.record(value);
    both.record(value);
  }
  one.merge(other);
  CHECK(one.count() == both.count());
  CHECK(one.max_ns() == both.max_ns());
  for (const double percent : {50.0, 90.0, 99.0, 99.9})
    CHECK(one.percentile_ns(percent) == both.percentile_ns(percent));
}

TEST_CASE("a histogram of nothing says 0") {
  const Histogram nothing;
  CHECK(nothing.percentile_ns(99) == 0);
  CHECK(nothing.max_ns() == 0);
}
