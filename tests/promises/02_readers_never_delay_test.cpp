// SPDX-License-Identifier: Apache-2.0
// Promise 2: publishing never waits for a reader. Not judged by time, which is the machine's: the publishing
// thread is killed by the kernel if it makes a system call that could wait for somebody (peer option
// never_waits), and it has to get on while everybody else stands still.
#include <fcntl.h>
#include <unistd.h>

#include "process.hpp"
#include "shmvideo/layout.h"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo_test;

namespace {

/// More than the publishing thread wakes by itself: with so many the attendant does it.
constexpr int kMany = 40;

Peer strict_writer() {
  Peer writer({"write", "name", "slots=3", "never_waits"});
  std::string ready = writer.line();
  if (is_unavailable(ready)) {
    // No seccomp (an emulator): it has to get on all the same.
    writer = Peer({"write", "name", "slots=3"});
    ready = writer.line();
  }
  REQUIRE(ready.starts_with("ready"));
  return writer;
}

void publish_many(Peer& writer, std::uint64_t frames) {
  const std::uint64_t before = value(writer.ask("stats"), "latest");
  // An answer that never comes, or "" of a writer that was killed for waiting, is what fails here.
  REQUIRE(writer.ask("publish " + std::to_string(frames)) == "ok number=" + std::to_string(before + frames));
  const std::string statistics = writer.ask("stats");
  CHECK(value(statistics, "published") == before + frames);
  CHECK(value(statistics, "no_slot") == 0);
}

/// Lets the writer publish a frame, and the reader hold it for good.
void hold_one(Peer& writer, Peer& reader) {
  REQUIRE(writer.ask("publish 1").starts_with("ok"));
  REQUIRE(value(reader.ask("next 5000"), "held") == 1);
  REQUIRE(reader.ask("keep").starts_with("ok"));
}

}  // namespace

TEST_CASE("with all readers and holders stopped publishing goes on, and waits in no system call",
          "[promises]") {
  TempPlace place;
  Peer writer = strict_writer();
  std::vector<Peer> readers;
  for (int i = 0; i < 6; ++i) {
    readers.push_back(Peer({"read", "name"}));
    REQUIRE(readers.back().line().starts_with("ready"));
    if (i % 2 == 0)
      hold_one(writer, readers.back());
    else
      readers.back().send("next 60000");
  }
  for (Peer& reader : readers) reader.stop();
  publish_many(writer, 5000);
  // Three holders had the newest of three slots each: some had to be taken back.
  CHECK(value(writer.ask("stats"), "revoked") > 0);
  for (Peer& reader : readers) reader.resume();
  // Whoever held for longer than there were slots is told, and goes on.
  CHECK(readers[0].ask("kept") == "ok kept=1 whole=0 valid=0");
  CHECK(readers[1].line().starts_with("frame"));
  CHECK(value(readers[0].ask("next 5000"), "number") == 5003);
}

TEST_CASE("readers that are stopped in their sleep hold up neither the writer nor its attendant",
          "[promises]") {
  TempPlace place;
  Peer writer = strict_writer();
  std::vector<Peer> readers;
  for (int i = 0; i < kMany; ++i) readers.push_back(Peer({"read", "name"}));
  for (Peer& reader : readers) {
    REQUIRE(reader.line().starts_with("ready"));
    reader.send("next 60000");
  }
  // Each wakes them all, so from the second on the attendant has it.
  REQUIRE(writer.ask("publish 1").starts_with("ok"));
  for (Peer& reader : readers) {
    REQUIRE(reader.line().starts_with("frame"));
    reader.send("next 60000");
  }
  for (Peer& reader : readers) reader.stop();
  publish_many(writer, 2000);
  for (Peer& reader : readers) reader.resume();
  for (Peer& reader : readers) CHECK(reader.line().starts_with("frame"));
}

TEST_CASE("a stopped process that has every lock and every hold delays nobody", "[promises]") {
  TempPlace place;
  Peer writer = strict_writer();
  const int file = ::open((place.path() / "name.readers").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(file >= 0);
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  REQUIRE(::fcntl(file, F_OFD_SETLK, &lock) == 0);
  shmv_reader_entry entry{};
  entry.generation = 1;
  for (std::uint32_t hold = 0; hold < SHMV_HOLDS_MAX; ++hold) entry.hold[hold] = hold % 3 + 1;
  for (std::uint32_t i = 0; i < SHMV_READERS_MAX; ++i) {
    const auto at = static_cast<off_t>(SHMV_READERS_HEADER_BYTES + i * SHMV_READER_ENTRY_BYTES);
    REQUIRE(::pwrite(file, &entry, sizeof entry, at) == static_cast<ssize_t>(sizeof entry));
  }
  publish_many(writer, 1000);
  CHECK(value(writer.ask("stats"), "revoked") > 0);
  ::close(file);
}
