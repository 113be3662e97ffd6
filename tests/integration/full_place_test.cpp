// SPDX-License-Identifier: Apache-2.0
// A place that is too small is a clear error before anything is written, not a SIGBUS later.
#include "process.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo_test;

TEST_CASE("a segment that does not fit is refused with the MiB that it needs, and leaves nothing",
          "[integration]") {
  if (!is_root_or_skipped()) return;
  TempPlace place;
  const std::string refusal = Peer({"write", "name", "tmpfs=8m", "slots=4", "bytes=4194304"}).line();
  if (is_unavailable(refusal)) return;
  CHECK(refusal.starts_with("error no_space"));
  CHECK(value(refusal, "files") == 0);
  CHECK_THAT(refusal, ContainsSubstring("17 MiB") && ContainsSubstring("8 MiB"));
}

TEST_CASE("a larger generation that does not fit leaves the old one in use", "[integration]") {
  if (!is_root_or_skipped()) return;
  TempPlace place;
  Peer writer({"write", "name", "tmpfs=8m", "slots=4", "bytes=1048576"});
  const std::string ready = writer.line();
  if (is_unavailable(ready)) return;
  REQUIRE(ready.starts_with("ready"));
  REQUIRE(writer.ask("publish 20") == "ok number=20");
  CHECK(writer.ask("resize 2097152").starts_with("error no_space"));
  CHECK(writer.ask("publish 20") == "ok number=40");
  CHECK(value(writer.ask("stats"), "generation") == 1);
  CHECK(writer.finish() == 0);
}

TEST_CASE("a dead writer's segment does not keep its successor out of a full place", "[integration]") {
  if (!is_root_or_skipped()) return;
  TempPlace place;
  Peer home({"idle", "home", "tmpfs=8m"});
  const std::string ready = home.line();
  if (is_unavailable(ready)) return;
  const std::string join = "join=" + std::to_string(value(ready, "pid"));
  Peer first({"write", "name", join, "slots=5", "bytes=1048576"});
  REQUIRE(first.line().starts_with("ready"));
  REQUIRE(first.ask("publish 3") == "ok number=3");
  first.kill();
  Peer second({"write", "name", join, "slots=5", "bytes=1048576"});
  REQUIRE(second.line().starts_with("ready"));
  CHECK(second.ask("publish 1") == "ok number=4");
  CHECK(second.finish() == 0);
}
