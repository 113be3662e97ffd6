// SPDX-License-Identifier: Apache-2.0
#include "verdict/verdict.hpp"

#include "support/catch.hpp"

using namespace shmvideo::bench;

namespace {

/// Ten seconds of three clients at 30 frames a second in which nothing went wrong.
Result good_result() {
  Result result;
  result.duration_s = 10;
  result.segment_bytes = 40U << 20;
  result.writer.is_own = true;
  result.writer.published = 300;
  result.writer.fps = result.writer.nominal_fps = 30;
  for (std::uint32_t i = 0; i < 3; ++i) {
    ClientResult client;
    client.client = i;
    client.frames = 300;
    client.fps = 30;
    client.use.shared_bytes = 40U << 20;
    result.clients.push_back(client);
  }
  return result;
}

/// The one reason that there is.
std::string reason(const Result& result, const Limits& limits = {}) {
  const Verdict verdict = judge(result, limits);
  CHECK(std::string(verdict.word()) == "FAIL");
  REQUIRE(verdict.reasons.size() == 1);
  return verdict.reasons.front();
}

}  // namespace

TEST_CASE("a run without losses passes") {
  const Verdict verdict = judge(good_result(), {});
  CHECK(verdict.is_pass());
  CHECK(std::string(verdict.word()) == "PASS");
}

TEST_CASE("a torn, misnumbered or disordered frame fails whatever else was asked for") {
  for (auto member : {&ClientResult::torn, &ClientResult::misnumbered, &ClientResult::disordered}) {
    Result result = good_result();
    result.is_chaotic = result.is_churning = result.is_fast = result.is_newest = true;
    result.clients[2].*member = 1;
    CHECK_THAT(reason(result, {.missed = 1000}),
               ContainsSubstring("1 frame ") && ContainsSubstring("client 2"));
  }
}

TEST_CASE("missed frames fail beyond what is allowed, and not where they are meant to happen") {
  Result result = good_result();
  result.clients[0].missed = 2;
  result.clients[1].missed = 3;
  CHECK_THAT(reason(result), ContainsSubstring("5 frames missed (clients 0, 1)"));
  CHECK_THAT(reason(result, {.missed = 4}), ContainsSubstring("5 frames missed, of which 4 are allowed"));
  CHECK(judge(result, {.missed = 5}).is_pass());
  for (auto member : {&Result::is_chaotic, &Result::is_fast, &Result::is_newest}) {
    Result excused = result;
    excused.*member = true;
    CHECK(judge(excused, {}).is_pass());
  }
}

TEST_CASE("a client below 95 % of the writer's rate fails") {
  Result result = good_result();
  result.clients[1].fps = 28.4;
  CHECK_THAT(reason(result), ContainsSubstring("client 1 ") && ContainsSubstring("28.40"));
  result.clients[1].fps = 28.6;
  CHECK(judge(result, {}).is_pass());
  result.clients[1].fps = 10;
  result.is_churning = true;
  CHECK(judge(result, {}).is_pass());
}

TEST_CASE("one frame at the end of a short run is no reason") {
  Result result = good_result();
  result.duration_s = 1;
  result.clients[1].fps = 28;
  CHECK(judge(result, {}).is_pass());
  result.clients[1].fps = 27;
  CHECK_FALSE(judge(result, {}).is_pass());
}

TEST_CASE("an own writer that does not reach its rate fails, a foreign one is as it is") {
  Result result = good_result();
  result.writer.fps = 20;
  CHECK_THAT(reason(result), ContainsSubstring("20.00 frames/s instead of 30"));
  result.writer.is_own = false;
  CHECK(judge(result, {}).is_pass());
}

TEST_CASE("what happened to a process is a reason, and its rate is none then") {
  Result result = good_result();
  result.incidents = {"client 1 ended by itself, by signal 9 (Killed)"};
  result.clients[1].fps = 3;
  result.clients[1].is_excused = true;
  CHECK(reason(result) == result.incidents.front());
}

TEST_CASE("growth of a client or of the writer fails beyond its limit") {
  Result result = good_result();
  result.clients[0].use.private_growth_bytes = 4 << 20;
  result.clients[0].use.descriptor_growth = kDescriptorGrowthMax;
  result.clients[1].use.private_growth_bytes = -(1 << 20);
  CHECK(judge(result, {}).is_pass());
  CHECK_THAT(reason(result, {.growth_bytes = 1 << 20}), ContainsSubstring("client 0 grew by 4.00 MiB"));
  result.clients[0].use.descriptor_growth = kDescriptorGrowthMax + 1;
  CHECK_THAT(reason(result), ContainsSubstring("client 0 has 4 more open descriptors"));
  result.clients[0].use = {};
  result.writer.use.private_growth_bytes = 5 << 20;
  CHECK_THAT(reason(result), ContainsSubstring("the writer grew by 5.00 MiB"));
  result.writer.use = {};
  result.clients[2].use.shared_bytes = 90U << 20;
  CHECK_THAT(reason(result), ContainsSubstring("more shared memory") && ContainsSubstring("client 2"));
}

TEST_CASE("files that were left and a run without frames fail") {
  Result result = good_result();
  result.files_left = {"/dev/shm/shm-bench-1.lock"};
  CHECK(reason(result) == "/dev/shm/shm-bench-1.lock was left behind");
  Result nothing;
  CHECK(reason(nothing) == "no client got a frame");
}

TEST_CASE("a client that never got a frame fails in every kind of run") {
  for (auto member : {&Result::is_chaotic, &Result::is_churning, &Result::is_fast}) {
    Result result = good_result();
    result.*member = true;
    result.clients[1].frames = 0;
    result.clients[1].fps = 0;
    CHECK(reason(result) == "no frame for client 1");
    result.clients[1].is_excused = true;  // an incident tells of it
    CHECK(judge(result, {}).is_pass());
  }
}

TEST_CASE("numbers that were to be checked and could not be read fail") {
  Result result = good_result();
  for (ClientResult& client : result.clients) client.checked = client.frames;
  for (const char* content : {"pattern", "clip"}) {
    result.content = content;
    result.clients[2].checked = 300;
    CHECK(judge(result, {}).is_pass());
    result.clients[2].checked = 298;
    CHECK(reason(result) == "2 of 900 frames had no number that could be read");
  }
  result.content = "none";
  CHECK(judge(result, {}).is_pass());
}

TEST_CASE("many clients are counted, a few named") {
  Result result = good_result();
  result.clients.resize(10, result.clients.front());
  for (std::uint32_t i = 0; i < 10; ++i) {
    result.clients[i].client = i;
    result.clients[i].missed = 1;
  }
  CHECK(reason(result) == "10 frames missed (clients 0, 1, 2 and 7 more)");
}
