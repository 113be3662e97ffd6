// SPDX-License-Identifier: Apache-2.0
// Several users: who may read, who may write, and what each is told.
#include "process.hpp"
#include "support/catch.hpp"
#include "support/open_place.hpp"

using namespace shmvideo_test;

namespace {

constexpr const char* kStranger = "uid=65534";

}  // namespace

TEST_CASE("a stranger reads a segment of mode 0644 as an observer", "[integration]") {
  if (!is_root_or_skipped()) return;
  OpenPlace place;
  Peer writer({"write", "name", "mode=0644"});
  REQUIRE(writer.line().starts_with("ready"));
  REQUIRE(writer.ask("publish 3").starts_with("ok"));
  Peer reader({"read", "name", kStranger});
  REQUIRE(reader.line().starts_with("ready"));
  const std::string frame = reader.ask("next 5000");
  CHECK(value(frame, "number") == 3);
  CHECK(value(frame, "whole") == 1);
  CHECK(value(frame, "held") == 0);
  CHECK(value(reader.ask("stats"), "present") == 0);
  reader.send("next 20000");
  CHECK(writer.ask("publish 1").starts_with("ok"));
  CHECK(value(reader.line(), "number") == 4);
}

TEST_CASE("a member of the group reads and holds in a segment of mode 0640", "[integration]") {
  if (!is_root_or_skipped()) return;
  OpenPlace place;
  Peer writer({"write", "name", "mode=0640", "group=4242"});
  REQUIRE(writer.line().starts_with("ready"));
  REQUIRE(writer.ask("publish 3").starts_with("ok"));
  Peer member({"read", "name", kStranger, "gid=4242"});
  REQUIRE(member.line().starts_with("ready"));
  const std::string frame = member.ask("next 5000");
  CHECK(value(frame, "whole") == 1);
  CHECK(value(frame, "held") == 1);
  CHECK(value(member.ask("stats"), "present") == 1);
}

TEST_CASE("who may not read is told so, and what decides it", "[integration]") {
  if (!is_root_or_skipped()) return;
  OpenPlace place;
  Peer writer({"write", "name", "mode=0640"});
  REQUIRE(writer.line().starts_with("ready"));
  const std::string refusal = Peer({"read", "name", kStranger}).line();
  CHECK(refusal.starts_with("error permission_denied"));
  CHECK_THAT(refusal, ContainsSubstring("name") && ContainsSubstring("--mode"));
}

TEST_CASE("a stranger cannot write under another's live name, and learns whose it is", "[integration]") {
  if (!is_root_or_skipped()) return;
  OpenPlace place;
  Peer writer({"write", "name", "mode=0644"});
  const std::string ready = writer.line();
  REQUIRE(ready.starts_with("ready"));
  const std::string refusal = Peer({"write", "name", kStranger}).line();
  CHECK(refusal.starts_with("error writer_exists"));
  CHECK_THAT(refusal, ContainsSubstring("root") && ContainsSubstring(std::to_string(value(ready, "pid"))));
  CHECK(writer.ask("publish 1").starts_with("ok"));
}

TEST_CASE("a user who may not write in /dev/shm has a place of his own", "[integration]") {
  if (!is_root_or_skipped()) return;
  const std::string uid = std::to_string(60000 + ::getpid() % 5000);
  const std::filesystem::path own = "/tmp/shm-video-" + uid;
  std::filesystem::remove_all(own);
  {
    Peer writer({"write", "private-" + std::to_string(::getpid()), "no_dev_shm", "uid=" + uid});
    const std::string ready = writer.line();
    if (is_unavailable(ready)) return;
    REQUIRE(ready.starts_with("ready"));
    CHECK(writer.ask("publish 1").starts_with("ok"));
    CHECK((std::filesystem::status(own).permissions() & std::filesystem::perms::all) ==
          std::filesystem::perms::owner_all);
    CHECK(writer.finish() == 0);
    CHECK(std::filesystem::is_empty(own));
  }
  // What another put there first is not trusted: neither a folder nor a link.
  std::filesystem::remove_all(own);
  std::filesystem::create_directory(own);
  CHECK(Peer({"write", "name", "no_dev_shm", "uid=" + uid}).line().starts_with("error no_place"));
  std::filesystem::remove_all(own);
  std::filesystem::create_symlink("/tmp", own);
  CHECK(Peer({"write", "name", "no_dev_shm", "uid=" + uid}).line().starts_with("error no_place"));
  std::filesystem::remove(own);
}
