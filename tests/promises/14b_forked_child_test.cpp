// SPDX-License-Identifier: Apache-2.0
// Promise 14: a child that a writer forked, and that has inherited its lock, is in nobody's way.
#include <signal.h>

#include "contest.hpp"
#include "shmvideo/report.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo_test;

namespace {

/// Kills a forked child of a peer's at the end; init reaps it.
struct Orphan {
  explicit Orphan(std::uint64_t number) : pid(static_cast<pid_t>(number)) { REQUIRE(pid > 1); }
  ~Orphan() { ::kill(pid, SIGKILL); }
  pid_t pid;
};

}  // namespace

TEST_CASE("a forked child that keeps a dead writer's lock does not keep its name", "[promises]") {
  TempPlace place;
  Peer first({"write", "name"});
  REQUIRE(first.line().starts_with("ready"));
  REQUIRE(first.ask("publish 7") == "ok number=7");
  const Orphan child(value(first.ask("fork"), "pid"));
  // While its parent lives, the child changes nothing.
  CHECK(Peer({"write", "name"}).line().starts_with("error writer_exists"));
  first.kill();
  Peer second({"write", "name"});
  REQUIRE(second.line().starts_with("ready"));
  CHECK(::kill(child.pid, 0) == 0);
  CHECK(second.ask("publish 1") == "ok number=8");
  CHECK(Peer({"write", "name"}).line().starts_with("error writer_exists"));
  CHECK(second.finish() == 0);
  CHECK(place.files() == 0);
}

TEST_CASE("of many who take over from a dead writer's child at once one succeeds", "[promises]") {
  for (int round = 0; round < 4; ++round) {
    TempPlace place;
    Peer first({"write", "name"});
    REQUIRE(first.line().starts_with("ready"));
    const Orphan child(value(first.ask("fork"), "pid"));
    first.kill();
    std::vector<Peer> peers;
    const Contest contest = compete(peers, 4);
    CHECK(contest.winners == 1);
    CHECK(contest.refused == 3);
    for (Peer& peer : peers) peer.finish();
    CHECK(place.files() == 0);
  }
}

TEST_CASE("a dead writer's segment is removed also while a child of its keeps the lock", "[promises]") {
  TempPlace place;
  Peer first({"write", "name"});
  REQUIRE(first.line().starts_with("ready"));
  const Orphan child(value(first.ask("fork"), "pid"));
  CHECK_THROWS_AS(shmvideo::remove_segment(shmvideo::SegmentName("name")), shmvideo::Error);
  first.kill();
  shmvideo::remove_segment(shmvideo::SegmentName("name"));
  CHECK(place.files() == 0);
}
