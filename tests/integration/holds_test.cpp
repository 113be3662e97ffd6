// SPDX-License-Identifier: Apache-2.0
// Holds between processes: what a writer does with those of the living, the stopped and the dead.
#include "process.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo_test;

namespace {

/// Lets the writer publish a frame, and the reader hold it for good.
void hold_one(Peer& writer, Peer& reader) {
  REQUIRE(writer.ask("publish 1").starts_with("ok"));
  REQUIRE(value(reader.ask("next 5000"), "held") == 1);
  REQUIRE(reader.ask("keep").starts_with("ok"));
}

}  // namespace

TEST_CASE("the hold of a killed reader costs nobody a frame", "[integration]") {
  TempPlace place;
  Peer writer({"write", "name", "slots=3"});
  REQUIRE(writer.line().starts_with("ready"));
  for (int round = 0; round < 10; ++round) {
    Peer reader({"read", "name"});
    REQUIRE(reader.line().starts_with("ready"));
    // Two of three slots: without reclaiming, the next frame but one would have to be taken back.
    hold_one(writer, reader);
    hold_one(writer, reader);
    reader.kill();
    CHECK(writer.ask("publish 20").starts_with("ok"));
  }
  CHECK(value(writer.ask("stats"), "revoked") == 0);
  CHECK(value(writer.ask("stats"), "no_slot") == 0);
}

TEST_CASE("the writer goes round the held frames of another process", "[integration]") {
  TempPlace place;
  Peer writer({"write", "name", "slots=4"});
  Peer reader({"read", "name", "attach_ms=20000"});
  REQUIRE(writer.line().starts_with("ready"));
  REQUIRE(reader.line().starts_with("ready"));
  hold_one(writer, reader);
  hold_one(writer, reader);
  CHECK(writer.ask("publish 1000").starts_with("ok"));
  CHECK(reader.ask("kept") == "ok kept=2 whole=2 valid=2");
  CHECK(value(writer.ask("stats"), "revoked") == 0);
  CHECK(value(reader.ask("release"), "revoked") == 0);
}

TEST_CASE("a hold that is taken back is reported to its holder", "[integration]") {
  TempPlace place;
  Peer writer({"write", "name", "slots=3"});
  Peer reader({"read", "name", "attach_ms=20000"});
  REQUIRE(writer.line().starts_with("ready"));
  REQUIRE(reader.line().starts_with("ready"));
  for (int i = 0; i < 3; ++i) hold_one(writer, reader);
  CHECK(writer.ask("publish 1").starts_with("ok"));
  CHECK(reader.ask("kept") == "ok kept=3 whole=2 valid=2");
  CHECK(value(writer.ask("stats"), "revoked") == 1);
  CHECK(writer.ask("publish 50").starts_with("ok"));
  reader.ask("release");
  CHECK(value(reader.ask("stats"), "revoked") >= 1);
}
