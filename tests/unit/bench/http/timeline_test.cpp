// SPDX-License-Identifier: Apache-2.0
#include "http/timeline.hpp"

#include "http/page/plots.hpp"
#include "support/catch.hpp"

using namespace shmvideo::bench::http;

namespace {

Moment second(double begin, double fps, std::uint64_t p50, std::uint64_t latencies = 10) {
  Moment moment;
  moment.begin_s = begin;
  moment.seconds = 1;
  moment.fast = {fps, fps - 1, fps + 1, 100, latencies, p50, p50 * 2, p50 * 3, p50 * 4};
  moment.errors = 1;
  moment.cpu_percent = 10;
  return moment;
}

}  // namespace

TEST_CASE("of two moments rates are averaged, and of all else the worse is kept") {
  const Moment both = merged(second(5, 10, 100, 30), second(6, 20, 200, 10));
  CHECK(both.begin_s == 5);
  CHECK(both.seconds == 2);
  CHECK(both.fast.fps_mean == Approx(15));
  CHECK(both.fast.fps_min == 9);
  CHECK(both.fast.fps_max == 21);
  CHECK(both.fast.p50_ns == 125);
  CHECK(both.fast.p99_ns == 600);
  CHECK(both.fast.max_ns == 800);
  CHECK(both.fast.latencies == 40);
  CHECK(both.errors == 2);
}

TEST_CASE("a day needs no more room than an hour") {
  Timeline timeline;
  constexpr int kSeconds = 86'400;
  for (int i = 0; i < kSeconds; ++i) timeline.add(second(i, 30, 1000 + (i == 5000 ? 1'000'000 : 0)));
  const auto moments = timeline.moments();
  CHECK(moments.size() <= Timeline::kMomentsMax);
  CHECK(moments.size() >= Timeline::kMomentsMax / 2);
  double seconds = 0;
  std::uint64_t errors = 0, worst = 0;
  for (const Moment& moment : moments) {
    CHECK(moment.begin_s == Approx(seconds));
    seconds += moment.seconds;
    errors += moment.errors;
    worst = std::max(worst, moment.fast.max_ns);
    CHECK(moment.fast.fps_mean == Approx(30));
  }
  CHECK(seconds == kSeconds);
  CHECK(errors == kSeconds);
  CHECK(worst == 4 * 1'001'000);
}

TEST_CASE("a plot's points are as many as have room") {
  std::vector<Moment> moments;
  for (int i = 0; i < 1001; ++i) moments.push_back(second(i, 30, 1000));
  const auto few = thinned(moments, 400);
  CHECK(few.size() == 251);
  CHECK(few.back().begin_s + few.back().seconds == 1001);
  CHECK(thinned(moments, 2000).size() == 1001);
  CHECK(thinned({}, 400).empty());
}
