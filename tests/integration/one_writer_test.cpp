// SPDX-License-Identifier: Apache-2.0
// A name has one writer: refusals, and who may take over from whom.
#include <signal.h>

#include <fstream>

#include "process.hpp"
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

struct Contest {
  std::size_t winners = 0;
  std::size_t refused = 0;
};

/// Starts `count` writers of large segments at once and hears them all out.
Contest compete(std::vector<Peer>& peers, std::size_t count) {
  Contest contest;
  // Large, so that making the segment takes the winner longer than the others need to look.
  for (std::size_t i = 0; i < count; ++i)
    peers.push_back(Peer({"write", "name", "slots=8", "bytes=8000000"}));
  for (Peer& peer : peers) {
    const std::string answer = peer.line();
    contest.winners += answer.starts_with("ready");
    contest.refused += answer.starts_with("error writer_exists");
  }
  return contest;
}

}  // namespace

TEST_CASE("a second writer is refused with the pid of the first", "[integration]") {
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

TEST_CASE("a stopped writer keeps its name", "[integration]") {
  TempPlace place;
  Peer first({"write", "name"});
  REQUIRE(first.line().starts_with("ready"));
  first.stop();
  CHECK(Peer({"write", "name"}).line().starts_with("error writer_exists"));
  first.resume();
  CHECK(first.ask("publish 1") == "ok number=1");
}

TEST_CASE("a forked child that keeps a dead writer's lock does not keep its name", "[integration]") {
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

TEST_CASE("of many who take over from a dead writer's child at once one succeeds", "[integration]") {
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

TEST_CASE("of many who follow a dead writer at once one succeeds", "[integration]") {
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

TEST_CASE("of many who start a new name at once one succeeds", "[integration]") {
  TempPlace place;
  std::vector<Peer> peers;
  const Contest contest = compete(peers, 6);
  CHECK(contest.winners == 1);
  CHECK(contest.refused == 5);
  for (Peer& peer : peers) peer.finish();
  CHECK(place.files() == 0);
}

TEST_CASE("a dead writer's segment is removed also while a child of its keeps the lock", "[integration]") {
  TempPlace place;
  Peer first({"write", "name"});
  REQUIRE(first.line().starts_with("ready"));
  const Orphan child(value(first.ask("fork"), "pid"));
  CHECK_THROWS_AS(shmvideo::remove_segment(shmvideo::SegmentName("name")), shmvideo::Error);
  first.kill();
  shmvideo::remove_segment(shmvideo::SegmentName("name"));
  CHECK(place.files() == 0);
}

TEST_CASE("a writer whose files were all removed has them again, and its name", "[integration]") {
  TempPlace place;
  Peer first({"write", "name"});
  REQUIRE(first.line().starts_with("ready"));
  for (const char* file : {"name", "name.lock", "name.readers"}) std::filesystem::remove(place.path() / file);
  CHECK(eventually([&] { return first.ask("publish 1").starts_with("ok") && place.files() == 3; }));
  CHECK(Peer({"write", "name"}).line().starts_with("error writer_exists"));
  CHECK(first.finish() == 0);
  CHECK(place.files() == 0);
}

TEST_CASE("a lock file that was removed lets nobody in beside a writer that runs", "[integration]") {
  TempPlace place;
  Peer first({"write", "name"});
  REQUIRE(first.line().starts_with("ready"));
  std::filesystem::remove(place.path() / "name.lock");
  CHECK(Peer({"write", "name"}).line().starts_with("error writer_exists"));
  CHECK_THROWS_AS(shmvideo::remove_segment(shmvideo::SegmentName("name")), shmvideo::Error);
  CHECK(first.ask("publish 1").starts_with("ok"));
  CHECK(first.finish() == 0);
  CHECK(place.files() == 0);
}

TEST_CASE("what is left of a name without a segment is removed too", "[integration]") {
  TempPlace place;
  for (const char* file : {"name.lock", "name.readers", ".name.new", ".name.lock.new"})
    std::ofstream(place.path() / file) << "left";
  shmvideo::remove_segment(shmvideo::SegmentName("name"));
  CHECK(place.files() == 0);
  CHECK_THROWS_AS(shmvideo::remove_segment(shmvideo::SegmentName("name")), shmvideo::Error);
}

TEST_CASE("a writer that lost its name to another leaves it to that", "[integration]") {
  TempPlace place;
  Peer first({"write", "name"});
  REQUIRE(first.line().starts_with("ready"));
  for (const char* file : {"name", "name.lock", "name.readers"}) std::filesystem::remove(place.path() / file);
  Peer second({"write", "name"});
  REQUIRE(second.line().starts_with("ready"));
  // Long enough for the first to notice, more than once.
  const std::uint64_t end = now_ns() + 1'500'000'000;
  std::uint64_t last = 0;
  while (now_ns() < end) {
    CHECK(first.ask("publish 1").starts_with("ok"));
    last = value(second.ask("publish 1"), "number");
    pause_briefly();
  }
  CHECK(first.ask("resize 100000").starts_with("error writer_exists"));
  Peer reader({"read", "name"});
  REQUIRE(reader.line().starts_with("ready"));
  CHECK(value(reader.ask("next 5000"), "number") == last);
  CHECK(first.finish() == 0);
  CHECK(place.files() == 3);
  CHECK(second.finish() == 0);
  CHECK(place.files() == 0);
}
