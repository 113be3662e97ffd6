// SPDX-License-Identifier: Apache-2.0
// What readers see of a writer that is killed, stopped, or started again.
#include <time.h>

#include "process.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo_test;

TEST_CASE("numbers and readers go on after a writer's kill -9, also with another size", "[integration]") {
  TempPlace place;
  Peer first({"write", "name", "bytes=8192", "width=64"});
  REQUIRE(first.line().starts_with("ready"));
  REQUIRE(first.ask("publish 9").starts_with("ok"));
  Peer reader({"read", "name"});
  REQUIRE(reader.line().starts_with("ready"));
  CHECK(value(reader.ask("next 5000"), "number") == 9);
  first.kill();
  CHECK(reader.ask("next 5000").starts_with("writer_gone"));
  reader.send("next 20000");
  Peer second({"write", "name", "bytes=262144", "slots=5", "width=640"});
  REQUIRE(second.line().starts_with("ready"));
  REQUIRE(second.ask("publish 1") == "ok number=10");
  const std::string frame = reader.line();
  CHECK(value(frame, "number") == 10);
  CHECK(value(frame, "whole") == 1);
  CHECK(value(frame, "held") == 1);
  CHECK(value(frame, "bytes") == 262144);
  CHECK(value(frame, "generation") == 2);
  const std::string statistics = reader.ask("stats");
  CHECK(value(statistics, "restarts") == 1);
  CHECK(value(statistics, "missed") == 0);
  CHECK(value(statistics, "width") == 640);
  CHECK(second.finish() == 0);
  CHECK(reader.ask("next 5000").starts_with("closed"));
  reader.kill();
  CHECK(place.files() == 0);
}

TEST_CASE("a frame that its writer died in is never seen", "[integration]") {
  TempPlace place;
  Peer writer({"write", "name", "slots=2", "bytes=65536"});
  REQUIRE(writer.line().starts_with("ready"));
  REQUIRE(writer.ask("publish 4").starts_with("ok"));
  Peer reader({"read", "name", "in_order", "oldest"});
  REQUIRE(reader.line().starts_with("ready"));
  REQUIRE(writer.ask("loan").starts_with("ok"));
  writer.kill();
  const std::string frame = reader.ask("next 5000");
  CHECK(value(frame, "number") == 4);
  CHECK(value(frame, "whole") == 1);
  CHECK(reader.ask("next 5000").starts_with("writer_gone"));
  Peer next({"write", "name", "slots=2", "bytes=65536"});
  REQUIRE(next.line().starts_with("ready"));
  REQUIRE(next.ask("publish 1") == "ok number=5");
  CHECK(value(reader.ask("next 20000"), "number") == 5);
}

TEST_CASE("a writer that is killed while it starts is in nobody's way", "[integration]") {
  TempPlace place;
  // Through all of a start: from the first instruction to well after the last.
  for (int i = 0; i < 60; ++i) {
    Peer starting({"write", "name", "slots=4", "bytes=4000000"});
    const timespec pause{0, (i % 30) * 400'000};
    ::nanosleep(&pause, nullptr);
    starting.kill();
  }
  Peer writer({"write", "name"});
  REQUIRE(writer.line().starts_with("ready"));
  CHECK(writer.ask("publish 1").starts_with("ok"));
  CHECK(place.files() == 3);
  CHECK(writer.finish() == 0);
  CHECK(place.files() == 0);
}

TEST_CASE("a stopped writer is stalled, and live again when it goes on", "[integration]") {
  TempPlace place;
  Peer writer({"write", "name", "free", "gap_us=20000"});
  REQUIRE(writer.line().starts_with("ready"));
  Peer reader({"read", "name"});
  REQUIRE(reader.line().starts_with("ready"));
  CHECK(eventually([&] { return reader.ask("state") == "state live"; }));
  writer.stop();
  CHECK(eventually([&] { return reader.ask("state") == "state stalled"; }));
  CHECK(eventually([&] { return reader.ask("next 0").starts_with("stalled"); }));
  writer.resume();
  CHECK(eventually([&] { return reader.ask("state") == "state live"; }));
  CHECK(eventually([&] { return reader.ask("next 1000").starts_with("frame"); }));
}

TEST_CASE("a writer that changes size and ends at once ends its sleeping readers too", "[integration]") {
  for (int round = 0; round < 20; ++round) {
    TempPlace place;
    Peer writer({"write", "name"});
    REQUIRE(writer.line().starts_with("ready"));
    REQUIRE(writer.ask("publish 1").starts_with("ok"));
    Peer reader({"read", "name"});
    REQUIRE(reader.line().starts_with("ready"));
    REQUIRE(reader.ask("next 5000").starts_with("frame"));
    reader.stop();
    writer.send("resize 16384\nclose");
    REQUIRE(writer.line().starts_with("ok"));
    REQUIRE(writer.line().starts_with("ok"));
    reader.send("next 10000");
    const std::uint64_t resumed = now_ns();
    reader.resume();
    const std::string told = reader.line();
    REQUIRE(told.starts_with("closed"));
    REQUIRE(value(told, "at") - resumed < 5'000'000'000);
  }
}
