// SPDX-License-Identifier: Apache-2.0
// Promise 7: a place that is too small is a clear error before anything is written, not a SIGBUS later.
#include "process.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo_test;

TEST_CASE("a segment that does not fit is refused with the MiB that it needs, and leaves nothing",
          "[promises]") {
  if (!is_root_or_skipped()) return;
  TempPlace place;
  const std::string refusal = Peer({"write", "name", "tmpfs=8m", "slots=4", "bytes=4194304"}).line();
  if (is_unavailable(refusal)) return;
  CHECK(refusal.starts_with("error no_space"));
  CHECK(value(refusal, "files") == 0);
  CHECK_THAT(refusal, ContainsSubstring("17 MiB") && ContainsSubstring("8 MiB"));
}

TEST_CASE("a larger generation that does not fit leaves the old one in use", "[promises]") {
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

TEST_CASE("a dead writer's segment does not keep its successor out of a full place", "[promises]") {
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

TEST_CASE("in 64 MB, which is what a container gets, 1080p fits and 4K is refused", "[promises]") {
  if (!is_root_or_skipped()) return;
  TempPlace place;
  Peer home({"idle", "home", "tmpfs=64m"});
  const std::string ready = home.line();
  if (is_unavailable(ready)) return;
  const std::string join = "join=" + std::to_string(value(ready, "pid"));
  const std::string full_hd = "bytes=" + std::to_string(1920 * 1080 * 3);
  const std::string ultra_hd = "bytes=" + std::to_string(3840 * 2160 * 3);
  Peer small({"write", "small", join, full_hd, "slots=6"});
  REQUIRE(small.line().starts_with("ready"));
  CHECK(small.ask("publish 12") == "ok number=12");
  const std::string refusal = Peer({"write", "large", join, ultra_hd, "slots=6"}).line();
  CHECK(refusal.starts_with("error no_space"));
  CHECK_THAT(refusal, ContainsSubstring("143 MiB") && ContainsSubstring("docker run --shm-size"));
  // A second one that would fit into 64 MB, but not beside the first.
  CHECK(Peer({"write", "second", join, full_hd, "slots=6"}).line().starts_with("error no_space"));
  // Nothing of theirs is left, and the one that runs has all its pages.
  CHECK(small.ask("publish 12") == "ok number=24");
  CHECK(small.ask("resize " + std::to_string(3840 * 2160 * 3)).starts_with("error no_space"));
  CHECK(small.ask("publish 12") == "ok number=36");
  CHECK(small.finish() == 0);
}
