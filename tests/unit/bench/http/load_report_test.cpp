// SPDX-License-Identifier: Apache-2.0
#include "../lines.hpp"
#include "http/load_json.hpp"
#include "http/load_text.hpp"
#include "load_example.hpp"
#include "support/catch.hpp"
#include "toolkit/json.hpp"

using namespace shmvideo::bench::http;
using shmvideo_test::good_load;
using shmvideo_test::lines_of;

TEST_CASE("the result for people ends as concurrent client results do, in 80 columns") {
  LoadResult result = good_load(20);
  result.slow_rate = 1 << 20;
  for (ClientLoad& client : result.clients) {
    client.longest_gap_ns = client.max_ns = 3'599'900'000'000;
    client.frames = 1'080'000;
    client.skipped = 1'000'000;
  }
  const auto lines = lines_of(to_text(result, {}));
  for (const std::string& line : lines) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
  }
  REQUIRE(lines.size() > 5);
  const std::vector<std::string> end(lines.end() - 5, lines.end());
  CHECK(end == std::vector<std::string>{"Concurrent Client Results:", "  Total Clients: 20",
                                        "  Average FPS per Client: 30.0", "  Total Errors: 0",
                                        "TEST RESULT: PASS"});
  CHECK(lines_of(to_text(result, {{"this went wrong"}})).back() == "  this went wrong");
}

TEST_CASE("of many clients of a server the worst are listed") {
  LoadResult result = good_load(500);
  result.clients[321].errors[0] = 1;
  const std::string text = to_text(result, {});
  CHECK(lines_of(text).size() < 50);
  CHECK_THAT(text, ContainsSubstring("\n   321 ") && ContainsSubstring("of 500"));
}

TEST_CASE("the result for programs has the sums of its clients") {
  LoadResult result = good_load();
  result.clients[1].errors[0] = 2;
  result.clients[1].faults[3] = 5;
  result.clients[2].connections = 3;
  result.clients[2].skipped = 7;
  const auto json = shmvideo::toolkit::Json::parse(to_json(result, {{"why"}}));
  CHECK(json["verdict"] == "FAIL");
  CHECK(json["errors"] == 2);
  CHECK(json["errors_by_kind"]["connect"] == 2);
  CHECK(json["broken_by_kind"]["no_end"] == 5);
  CHECK(json["reconnections"] == 2);
  CHECK(json["fast"]["frames"] == 900);
  CHECK(json["fast"]["skipped"] == 7);
  CHECK(json["fast"]["fps"]["mean"] == 30);
  CHECK(json["fast"]["latency_ms"]["count"] == 900);
  CHECK(json["slow"]["clients"] == 0);
  CHECK(json["per_client"].size() == 3);
  CHECK(json["per_client"][0]["latency_ms"]["p99"] == 9);
}
