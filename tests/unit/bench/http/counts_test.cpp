// SPDX-License-Identifier: Apache-2.0
#include "http/counts.hpp"

#include "support/catch.hpp"

using namespace shmvideo::bench::http;

namespace {

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kRealtime = 1'700'000'000'000'000'000;

struct Counted {
  ClientCounts counts;
  GroupCounts group;

  void arrive(std::uint64_t time_ms, std::uint64_t number, std::uint64_t age_ms, Fault fault = Fault::none) {
    PartHead head;
    head.number = number;
    head.captured_realtime_ns = kRealtime + (time_ms - age_ms) * kMs;
    counts.add_part({head, 1000, fault, {}}, {time_ms * kMs, kRealtime + time_ms * kMs}, group);
  }
  std::uint64_t faults(Fault fault) const { return counts.faults()[static_cast<std::size_t>(fault)]; }
};

}  // namespace

TEST_CASE("only what comes in the window counts, but mistakes count always") {
  Counted counted;
  counted.arrive(5, 10, 2);
  counted.arrive(6, 9, 2);
  counted.arrive(7, 9, 2, Fault::no_end);
  counted.counts.open_window(10 * kMs);
  counted.arrive(15, 11, 2);
  counted.arrive(30, 14, 8);
  counted.arrive(31, 14, 8);
  counted.counts.close_window(100 * kMs);
  counted.arrive(200, 15, 2);
  CHECK(counted.counts.frames() == 3);
  CHECK(counted.counts.skipped() == 1 + 2);
  CHECK(counted.counts.repeated() == 1);
  CHECK(counted.counts.disordered() == 1);
  CHECK(counted.faults(Fault::no_end) == 1);
  CHECK(counted.counts.latency().count() == 3);
  CHECK(counted.counts.latency().max_ns() == 8 * kMs);
  CHECK(counted.group.latency.count() == 3);
  // From the window's beginning to its end.
  CHECK(counted.counts.gaps().count() == 4);
  CHECK(counted.counts.gaps().max_ns() == 69 * kMs);
}

TEST_CASE("a picture that is broken in two ways is one") {
  Counted counted;
  counted.counts.open_window(0);
  counted.arrive(1, 1, 0, Fault::no_end);
  counted.counts.add_wrong_length();
  counted.arrive(2, 2, 0);
  counted.counts.add_wrong_length();
  CHECK(counted.faults(Fault::no_end) == 1);
  CHECK(counted.faults(Fault::wrong_length) == 1);
  CHECK(counted.counts.frames() == 1);
}

TEST_CASE("a time in the future is told, and is no latency") {
  Counted counted;
  counted.counts.open_window(0);
  PartHead head;
  head.captured_realtime_ns = kRealtime + 50 * kMs;
  counted.counts.add_part({head, 9, Fault::none, {}}, {kMs, kRealtime}, counted.group);
  CHECK(counted.counts.from_future() == 1);
  CHECK(counted.counts.latency().count() == 0);
  head.captured_realtime_ns = kRealtime + 1000;  // a server may round
  counted.counts.add_part({head, 9, Fault::none, {}}, {kMs, kRealtime}, counted.group);
  CHECK(counted.counts.latency().count() == 1);
}

TEST_CASE("ustreamer's time of the picture goes before its time of sending") {
  Counted counted;
  counted.counts.open_window(0);
  PartHead head;
  head.captured_realtime_ns = kRealtime;
  head.captured_raw_ns = 70 * kMs;
  counted.counts.add_part({head, 9, Fault::none, {}}, {5 * kMs, kRealtime, 100 * kMs}, counted.group);
  CHECK(counted.counts.latency().max_ns() == 30 * kMs);
}
