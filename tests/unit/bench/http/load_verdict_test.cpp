// SPDX-License-Identifier: Apache-2.0
#include "http/load_verdict.hpp"

#include "load_example.hpp"
#include "support/catch.hpp"

using namespace shmvideo::bench;
using namespace shmvideo::bench::http;
using shmvideo_test::good_load;

namespace {

/// The one reason that there is.
std::string reason(const LoadResult& result) {
  const Verdict verdict = judge(result);
  REQUIRE(verdict.reasons.size() == 1);
  return verdict.reasons.front();
}

}  // namespace

TEST_CASE("a load without losses passes") { CHECK(judge(good_load()).is_pass()); }

TEST_CASE("each kind of error is a reason, with whom it happened to and what was said") {
  for (std::size_t i = 0; i < kErrorKinds; ++i) {
    LoadResult result = good_load();
    result.clients[1].errors[i] = 2;
    result.newest_errors[i] = "this was said";
    CHECK_THAT(reason(result), ContainsSubstring("2 errors") && ContainsSubstring("client 1") &&
                                   ContainsSubstring("this was said"));
  }
}

TEST_CASE("each kind of broken picture is a reason") {
  for (std::size_t i = 1; i < kFaults; ++i) {
    LoadResult result = good_load();
    result.clients[2].faults[i] = 1;
    CHECK_THAT(reason(result), ContainsSubstring("1 picture ") && ContainsSubstring("client 2"));
  }
  LoadResult result = good_load();
  result.clients[0].disordered = 3;
  CHECK_THAT(reason(result), ContainsSubstring("3 pictures older"));
  result = good_load();
  result.decoding = {true, 100, 0, 1, "cut short"};
  CHECK_THAT(reason(result), ContainsSubstring("1 of 100") && ContainsSubstring("cut short"));
}

TEST_CASE("a fast client below 95 % of the median, or of what is wanted, is a reason") {
  LoadResult result = good_load();
  result.clients[1].fps = 28.4;
  CHECK_THAT(reason(result),
             ContainsSubstring("client 1 ") && ContainsSubstring("28.40") && ContainsSubstring("median"));
  result.clients[1].fps = 28.6;
  CHECK(judge(result).is_pass());
  result.wanted_fps = 60;
  CHECK_THAT(reason(result), ContainsSubstring("clients 0, 1, 2") && ContainsSubstring("60.00"));
  result = good_load();
  result.duration_s = 1;  // one frame more or less
  result.clients[1].fps = 28;
  CHECK(judge(result).is_pass());
}

TEST_CASE("slow and stalled clients need not have the rate, but slow ones some picture") {
  LoadResult result = good_load();
  result.slow_rate = 100'000;
  ClientLoad slow;
  slow.client = 3;
  slow.kind = Kind::slow;
  slow.frames = 2;
  slow.fps = 0.2;
  result.clients.push_back(slow);
  slow.client = 4;
  slow.kind = Kind::stalled;
  slow.frames = 0;
  slow.hang_ups = 3;
  result.clients.push_back(slow);
  CHECK(judge(result).is_pass());
  result.clients[3].frames = 0;
  CHECK(reason(result) == "no picture for slow client 3");
  result.slow_rate = 20'000;  // ten seconds are two pictures' worth
  CHECK(judge(result).is_pass());
}

TEST_CASE("a pause of ten seconds is a reason even where the rate is not") {
  LoadResult result = good_load();
  result.duration_s = 3600;
  result.clients[1].longest_gap_ns = 10'000'000'000;
  CHECK_THAT(reason(result), ContainsSubstring("10 s") && ContainsSubstring("client 1"));
  for (ClientLoad& client : result.clients) client.fps = 0.1;
  CHECK(judge(result).is_pass());
}

TEST_CASE("nothing at all is no pass") {
  LoadResult result = good_load();
  for (ClientLoad& client : result.clients) client.frames = 0, client.fps = 0;
  CHECK(reason(result) == "no client got a picture");
}

TEST_CASE("a tester that was the limit warns, and does not fail") {
  LoadResult result = good_load();
  CHECK(warning_of(result).empty());
  result.cpu_percent = 60;
  result.waited_percent = 25;
  CHECK_THAT(warning_of(result), ContainsSubstring("60 %") && ContainsSubstring("25 %"));
  CHECK(judge(result).is_pass());
}
