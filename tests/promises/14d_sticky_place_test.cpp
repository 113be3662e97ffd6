// SPDX-License-Identifier: Apache-2.0
// Promise 14: a dead writer's files in a directory where everybody may create and nobody may remove what is
// another's; also where the kernel protects them (fs.protected_regular), which a run inside a machine of its
// own shows.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "process.hpp"
#include "support/catch.hpp"
#include "support/open_place.hpp"

using namespace shmvideo_test;

namespace {

constexpr const char* kStranger = "uid=65534";

}  // namespace

TEST_CASE("a stranger cannot replace another's leftover, and learns whose it is", "[promises]") {
  if (!is_root_or_skipped()) return;
  OpenPlace place;
  Peer writer({"write", "name", "mode=0644"});
  REQUIRE(writer.line().starts_with("ready"));
  writer.kill();
  const std::string refusal = Peer({"write", "name", kStranger}).line();
  CHECK(refusal.starts_with("error owned_by_other_user"));
  CHECK_THAT(refusal, ContainsSubstring("root"));
  // Nor when its lock is gone.
  std::filesystem::remove(place.path() / "name.lock");
  const std::string again = Peer({"write", "name", kStranger}).line();
  CHECK(again.starts_with("error owned_by_other_user"));
  CHECK(value(again, "files") == 2);
}

TEST_CASE("root replaces another user's leftover", "[promises]") {
  if (!is_root_or_skipped()) return;
  OpenPlace place;
  Peer writer({"write", "name", kStranger});
  REQUIRE(writer.line().starts_with("ready"));
  REQUIRE(writer.ask("publish 5").starts_with("ok"));
  CHECK(Peer({"write", "name"}).line().starts_with("error writer_exists"));
  writer.kill();
  Peer successor({"write", "name"});
  REQUIRE(successor.line().starts_with("ready"));
  CHECK(successor.ask("publish 1") == "ok number=6");
  CHECK(successor.finish() == 0);
  CHECK(place.files() == 0);
}

TEST_CASE("root gets at another's leftover lock also where the kernel forbids O_CREAT on it", "[promises]") {
  if (!is_root_or_skipped()) return;
  int protection = 0;
  std::ifstream("/proc/sys/fs/protected_regular") >> protection;
  // Set by the run that is about this (promises.14e).
  if (std::getenv("SHMVIDEO_PROTECTED")) REQUIRE(protection > 0);
  OpenPlace place;
  Peer writer({"write", "name", kStranger});
  REQUIRE(writer.line().starts_with("ready"));
  REQUIRE(writer.ask("publish 5").starts_with("ok"));
  writer.kill();
  // What a program meets that opens such a file in the usual way.
  const int fd = ::open((place.path() / "name.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  CHECK((fd < 0) == (protection > 0));
  if (fd < 0)
    CHECK(errno == EACCES);
  else
    ::close(fd);
  Peer successor({"write", "name"});
  REQUIRE(successor.line().starts_with("ready"));
  CHECK(successor.ask("publish 1") == "ok number=6");
  CHECK(successor.finish() == 0);
  CHECK(place.files() == 0);
}
