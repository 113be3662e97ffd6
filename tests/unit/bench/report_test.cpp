// SPDX-License-Identifier: Apache-2.0
#include "lines.hpp"
#include "support/catch.hpp"
#include "toolkit/json.hpp"
#include "verdict/report_json.hpp"
#include "verdict/report_text.hpp"

using namespace shmvideo::bench;
using shmvideo_test::lines_of;

namespace {

Result long_result(std::uint32_t clients) {
  Result result;
  result.segment = "shm-bench-1234567";
  result.picture = "3840x2160 BGR24";
  result.source = "stamped frames";
  result.grade = "observe";
  result.order = "in_order";
  result.content = "stamps";
  result.duration_s = 36000;
  result.is_churning = result.is_chaotic = true;
  result.writer.is_own = true;
  for (std::uint32_t i = 0; i < clients; ++i) {
    ClientResult client;
    client.client = i;
    client.frames = 1'080'000 + i;
    client.missed = i * 1000;
    client.fps = 30 + i;
    client.latency.record(60'000'000'000);
    client.latency.record(85'000 * (i + 1));
    client.use.cpu_percent = 99.95;
    client.use.descriptors = 1024;
    result.clients.push_back(client);
  }
  return result;
}

}  // namespace

TEST_CASE("the report for people keeps to 80 columns and lists 20 clients") {
  const std::vector<std::string> lines = lines_of(to_text(long_result(20), {}));
  std::size_t clients = 0;
  for (const std::string& line : lines) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
    clients += ContainsSubstring("99.9").match(line) || ContainsSubstring("100.0").match(line);
  }
  CHECK(clients >= 20);
  CHECK(lines.back() == "PASS");
}

TEST_CASE("of many clients the worst are listed") {
  const std::string text = to_text(long_result(500), {});
  CHECK(lines_of(text).size() < 50);
  CHECK_THAT(text, ContainsSubstring("\n   499 ") && ContainsSubstring("of 500"));
  CHECK_THAT(text, !ContainsSubstring("\n     1 "));
}

TEST_CASE("reasons stand below the verdict") {
  const std::vector<std::string> lines = lines_of(to_text(long_result(1), {{"this went wrong"}}));
  CHECK(lines[lines.size() - 2] == "FAIL");
  CHECK(lines.back() == "  this went wrong");
}

TEST_CASE("the report for programs has the sums of its clients") {
  const auto json = shmvideo::toolkit::Json::parse(to_json(long_result(3), {}));
  CHECK(json["clients"] == 3);
  CHECK(json["frames"] == 3'240'003);
  CHECK(json["missed"] == 3000);
  CHECK(json["fps"]["min"] == 30);
  CHECK(json["fps"]["median"] == 31);
  CHECK(json["fps"]["max"] == 32);
  CHECK(json["latency_us"]["max"] == 60'000'000);
  CHECK(json["per_client"].size() == 3);
  CHECK(json["per_client"][2]["latency_us"]["p50"] > 250);
}
