// SPDX-License-Identifier: Apache-2.0
// Promise 8, in short: whatever comes and goes, descriptors, mappings, locked memory, threads and files end
// where they began. The long versions are soaks.
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <thread>

#include "process.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/patterned_frame.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;
using namespace std::chrono_literals;

namespace {

#ifdef __SANITIZE_THREAD__
constexpr std::uint64_t kOwnThreads = 2;
#else
constexpr std::uint64_t kOwnThreads = 1;
#endif

/// What a process has of the kernel.
struct Possessions {
  std::size_t descriptors = 0;
  std::size_t mappings = 0;  ///< of files in the place, also of those that are removed
  std::uint64_t locked_kib = 0;
  std::uint64_t threads = 0;
  bool operator==(const Possessions&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Possessions& p) {
  return out << p.descriptors << " descriptors, " << p.mappings << " mappings, " << p.locked_kib
             << " KiB locked, " << p.threads << " threads";
}

std::uint64_t status_number(const std::filesystem::path& process, const std::string& key) {
  std::ifstream in(process / "status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key)) return std::strtoull(line.c_str() + key.size(), nullptr, 10);
  return 0;
}

Possessions possessions_of(pid_t pid, const TempPlace& place) {
  const std::filesystem::path process = "/proc/" + std::to_string(pid);
  Possessions p;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(process / "fd"))
    ++p.descriptors;
  std::ifstream maps(process / "maps");
  // A generation has no name in the mapping of the one who made it, only its number.
  for (std::string line; std::getline(maps, line);)
    p.mappings +=
        line.find(place.path().native()) != std::string::npos || line.find("/dev/shm/#") != std::string::npos;
  p.locked_kib = status_number(process, "VmLck:");
  p.threads = status_number(process, "Threads:");
  return p;
}

void publish(Writer& writer, std::size_t bytes, std::uint64_t seed) {
  std::vector<std::byte> payload(bytes);
  fill_pattern(payload, seed);
  REQUIRE(writer.publish(opaque_info(bytes, seed), payload) == PublishStatus::published);
}

std::unique_ptr<Writer> make_writer(std::size_t bytes) {
  WriterOptions options;
  options.slots = 4;
  options.slot_capacity_bytes = bytes;
  return Writer::create(SegmentName("name"), options);
}

/// Attaches, takes a frame, holds it, is waited for by an event loop, leaves; as `i` says.
void visit(int i) {
  ReaderOptions options;
  options.grade = i % 3 == 0 ? Grade::observe : Grade::hold;
  auto reader = Reader::attach(SegmentName("name"), options);
  Frame frame;
  if (reader->next(frame, 10s) != ReadStatus::frame) FAIL("no frame");
  if (i % 50 == 0) static_cast<void>(reader->event_fd());
  if (i % 2 == 0) reader.reset();  // the frame outlives its reader
  if (!has_pattern(frame.bytes(), frame.info().source_number)) FAIL("not the frame");
}

}  // namespace

TEST_CASE("thousands of attachments within a process leave nothing in it", "[promises]") {
  TempPlace place;
  std::thread([] {}).join();  // with the first thread ThreadSanitizer begins one of its own
  // The kernel counts a thread that was joined for a moment more.
  REQUIRE(eventually([] { return status_number("/proc/self", "Threads:") == kOwnThreads; }));
  const Possessions at_first = possessions_of(::getpid(), place);
  {
    auto writer = make_writer(8192);
    publish(*writer, 8192, 1);
    visit(0);
    const Possessions before = possessions_of(::getpid(), place);
    CHECK(before.mappings >= 1);
    for (int i = 0; i < 3000; ++i) visit(i);
    CHECK(possessions_of(::getpid(), place) == before);
    // New generations, with and without a reader that goes along and one that keeps a frame of the old.
    auto along = Reader::attach(SegmentName("name"));
    Frame latest;
    Frame kept;
    for (std::uint64_t i = 1; i <= 200; ++i) {
      const std::size_t bytes = 4096 * (i % 7 + 1);
      StreamInfo stream;
      stream.width = static_cast<std::uint32_t>(i);
      writer->reserve(stream, bytes);
      publish(*writer, bytes, i);
      REQUIRE(along->next(latest, 10s) == ReadStatus::frame);
      if (i % 3 == 0) kept = std::move(latest);
    }
    kept.release();
    latest.release();
    along.reset();
    const Possessions after = possessions_of(::getpid(), place);
    CHECK(after == before);
    CHECK(place.files() == 3);
  }
  CHECK(possessions_of(::getpid(), place) == at_first);
  CHECK(place.files() == 0);
}

TEST_CASE("writers that start and end, in either way, leave nothing in their readers", "[promises]") {
  TempPlace place;
  const Possessions before = possessions_of(::getpid(), place);
  auto first = make_writer(4096);
  publish(*first, 4096, 1);
  auto reader = Reader::attach(SegmentName("name"));
  first.reset();
  Frame frame;
  for (int i = 0; i < 60; ++i) {
    Peer writer({"write", "name", "bytes=" + std::to_string(4096 * (i % 5 + 1))});
    REQUIRE(writer.line().starts_with("ready"));
    REQUIRE(writer.ask("publish 1").starts_with("ok"));
    REQUIRE(eventually([&] { return reader->next(frame, 100ms) == ReadStatus::frame; }));
    frame.release();
    if (i % 2 == 0)
      writer.kill();
    else
      CHECK(writer.finish() == 0);
  }
  CHECK(place.files() == 0);                               // the last one ended in good order
  CHECK(possessions_of(::getpid(), place).mappings <= 2);  // a segment's, and that of the reader's entry
  reader.reset();
  CHECK(possessions_of(::getpid(), place) == before);
}

TEST_CASE("readers that are killed with what they held leave nothing with their writer", "[promises]") {
  TempPlace place;
  Peer writer({"write", "name", "slots=5"});
  REQUIRE(writer.line().starts_with("ready"));
  REQUIRE(writer.ask("publish 1").starts_with("ok"));
  const Possessions before = possessions_of(writer.pid(), place);
  const auto readers_bytes = [&] { return std::filesystem::file_size(place.path() / "name.readers"); };
  std::uintmax_t grown = 0;
  for (int round = 0; round < 30; ++round) {
    std::vector<Peer> readers;
    for (int i = 0; i < 4; ++i) readers.push_back(Peer({"read", "name"}));
    for (Peer& reader : readers) {
      REQUIRE(reader.line().starts_with("ready"));
      REQUIRE(writer.ask("publish 1").starts_with("ok"));
      REQUIRE(value(reader.ask("next 5000"), "held") == 1);
    }
    for (Peer& reader : readers) reader.kill();
    REQUIRE(writer.ask("publish 9").starts_with("ok"));
    if (round == 0) grown = readers_bytes();
  }
  CHECK(readers_bytes() == grown);
  CHECK(possessions_of(writer.pid(), place) == before);
  // The living held no more than there was room for: a frame that had to be taken back was held by the dead.
  CHECK(value(writer.ask("stats"), "revoked") == 0);
  CHECK(place.files() == 3);
  CHECK(writer.finish() == 0);
  CHECK(place.files() == 0);
}
