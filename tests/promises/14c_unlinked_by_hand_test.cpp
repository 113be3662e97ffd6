// SPDX-License-Identifier: Apache-2.0
// Promise 14: files that somebody else removes, as RemoveIPC=yes of logind does when a user logs out.
#include "process.hpp"
#include "shmvideo/report.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo_test;

TEST_CASE("a writer whose files were all removed has them again, and its name", "[promises]") {
  TempPlace place;
  Peer first({"write", "name"});
  REQUIRE(first.line().starts_with("ready"));
  for (const char* file : {"name", "name.lock", "name.readers"}) std::filesystem::remove(place.path() / file);
  CHECK(eventually([&] { return first.ask("publish 1").starts_with("ok") && place.files() == 3; }));
  CHECK(Peer({"write", "name"}).line().starts_with("error writer_exists"));
  CHECK(first.finish() == 0);
  CHECK(place.files() == 0);
}

TEST_CASE("a lock file that was removed lets nobody in beside a writer that runs", "[promises]") {
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

TEST_CASE("a writer that lost its name to another leaves it to that", "[promises]") {
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
