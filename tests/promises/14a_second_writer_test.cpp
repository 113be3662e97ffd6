// SPDX-License-Identifier: Apache-2.0
// Promise 14: a name has one writer. Refusals, and who follows a dead one.
#include <fstream>

#include "contest.hpp"
#include "shmvideo/report.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo_test;

TEST_CASE("a second writer is refused with the pid of the first", "[promises]") {
  TempPlace place;
  Peer first({"write", "name"});
  const std::string ready = first.line();
  REQUIRE(ready.starts_with("ready"));
  Peer second({"write", "name"});
  const std::string refusal = second.line();
  CHECK(refusal.starts_with("error writer_exists"));
  CHECK_THAT(refusal, ContainsSubstring("pid " + std::to_string(value(ready, "pid"))));
  CHECK(second.finish() == 1);
  CHECK(first.ask("publish 5") == "ok number=5");
  CHECK(first.finish() == 0);
  CHECK(place.files() == 0);
}

TEST_CASE("a stopped writer keeps its name", "[promises]") {
  TempPlace place;
  Peer first({"write", "name"});
  REQUIRE(first.line().starts_with("ready"));
  first.stop();
  CHECK(Peer({"write", "name"}).line().starts_with("error writer_exists"));
  first.resume();
  CHECK(first.ask("publish 1") == "ok number=1");
}

TEST_CASE("of many who follow a dead writer at once one succeeds", "[promises]") {
  for (int round = 0; round < 4; ++round) {
    TempPlace place;
    Peer first({"write", "name"});
    REQUIRE(first.line().starts_with("ready"));
    first.kill();
    std::vector<Peer> peers;
    const Contest contest = compete(peers, 4);
    CHECK(contest.winners == 1);
    CHECK(contest.refused == 3);
    for (Peer& peer : peers) peer.finish();
    CHECK(place.files() == 0);
  }
}

TEST_CASE("of many who start a new name at once one succeeds", "[promises]") {
  TempPlace place;
  std::vector<Peer> peers;
  const Contest contest = compete(peers, 6);
  CHECK(contest.winners == 1);
  CHECK(contest.refused == 5);
  for (Peer& peer : peers) peer.finish();
  CHECK(place.files() == 0);
}

TEST_CASE("what is left of a name without a segment is removed too", "[promises]") {
  TempPlace place;
  for (const char* file : {"name.lock", "name.readers", ".name.new", ".name.lock.new"})
    std::ofstream(place.path() / file) << "left";
  shmvideo::remove_segment(shmvideo::SegmentName("name"));
  CHECK(place.files() == 0);
  CHECK_THROWS_AS(shmvideo::remove_segment(shmvideo::SegmentName("name")), shmvideo::Error);
}
