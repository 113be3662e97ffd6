// SPDX-License-Identifier: Apache-2.0
// What readers see of a writer that is killed, stopped, or started again.
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <thread>

#include "process.hpp"
#include "shmvideo/reader.hpp"
#include "support/catch.hpp"
#include "support/patterned_frame.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo_test;
using namespace shmvideo;
using namespace std::chrono_literals;

namespace {

void open_to_all(const TempPlace& place) {
  std::filesystem::permissions(place.path(), static_cast<std::filesystem::perms>(01777));
}

/// Sleeps in the kernel on the owner's word of a segment, through a read-only mapping.
class BareSleeper {
 public:
  explicit BareSleeper(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    page_ = ::mmap(nullptr, SHMV_HEADER_BYTES, PROT_READ, MAP_SHARED, fd, 0);
    ::close(fd);
    REQUIRE(page_ != MAP_FAILED);
    const auto* word = &static_cast<const shmv_header*>(page_)->owner;
    const std::uint32_t before = *static_cast<const volatile std::uint32_t*>(word);
    thread_ = std::thread([this, word, before] {
      const timespec patience{kPatience.count(), 0};
      result_ = ::syscall(SYS_futex, word, FUTEX_WAIT, before, &patience, nullptr, 0);
      errno_ = errno;
    });
  }
  ~BareSleeper() {
    if (thread_.joinable()) thread_.join();
    ::munmap(page_, SHMV_HEADER_BYTES);
  }
  /// EAGAIN is one who came too late to sleep: that is in order too.
  bool was_woken() {
    thread_.join();
    return result_ == 0 || errno_ == EAGAIN;
  }

 private:
  void* page_;
  long result_ = -1;
  int errno_ = 0;
  std::thread thread_;
};

/// Kills the writer while the reader sleeps and returns after how many ms the reader knew of it.
double death_notice_ms(Peer& writer, Peer& reader) {
  REQUIRE(reader.ask("next 5000").starts_with("frame"));
  reader.send("next 20000");
  // Asleep or about to be: either way it has to learn of it.
  std::this_thread::sleep_for(50ms);
  const std::uint64_t killed = now_ns();
  writer.kill();
  const std::string told = reader.line();
  REQUIRE(told.starts_with("writer_gone"));
  return static_cast<double>(value(told, "at") - killed) / 1e6;
}

}  // namespace

TEST_CASE("a reader that may only read learns of its writer's kill -9", "[integration]") {
  TempPlace place;
  open_to_all(place);
  std::vector<std::vector<std::string>> kinds{{"read", "name"}, {"read", "name", "grade=observe"}};
  if (is_root_or_skipped()) {
    kinds.push_back({"read", "name", "uid=65534"});
    kinds.push_back({"read", "name", "newpid"});
    kinds.push_back({"read", "name", "newpid", "uid=65534"});
  }
  for (const auto& kind : kinds) {
    Peer writer({"write", "name", "mode=0644"});
    REQUIRE(writer.line().starts_with("ready"));
    REQUIRE(writer.ask("publish 9").starts_with("ok"));
    Peer reader(kind);
    const std::string ready = reader.line();
    if (is_unavailable(ready)) continue;
    REQUIRE(ready.starts_with("ready"));
    const double ms = death_notice_ms(writer, reader);
    std::cout << "death notice to";
    for (const std::string& word : kind) std::cout << ' ' << word;
    std::cout << ": " << ms << " ms\n";
    CHECK(ms < 5000);
    // The frame that was the newest is still there, also for those who come now.
    Peer newcomer({"read", "name"});
    REQUIRE(newcomer.line().starts_with("ready"));
    const std::string frame = newcomer.ask("next 0");
    CHECK(value(frame, "whole") == 1);
    CHECK(value(frame, "valid") == 1);
    CHECK(newcomer.ask("next 0").starts_with("writer_gone"));
  }
}

TEST_CASE("a writer in a PID namespace of its own is known to be dead outside", "[integration]") {
  if (!is_root_or_skipped()) return;
  TempPlace place;
  Peer writer({"write", "name", "newpid"});
  const std::string ready = writer.line();
  if (is_unavailable(ready)) return;
  REQUIRE(ready.starts_with("ready"));
  REQUIRE(value(ready, "pid") < 10);
  REQUIRE(writer.ask("publish 1").starts_with("ok"));
  Peer reader({"read", "name"});
  REQUIRE(reader.line().starts_with("ready"));
  CHECK(Peer({"write", "name"}).line().starts_with("error writer_exists"));
  CHECK(death_notice_ms(writer, reader) < 5000);
  Peer successor({"write", "name"});
  REQUIRE(successor.line().starts_with("ready"));
  CHECK(successor.ask("publish 1") == "ok number=2");
}

TEST_CASE("twenty sleeping readers all learn of their writer's kill -9", "[integration]") {
  TempPlace place;
  Peer writer({"write", "name"});
  REQUIRE(writer.line().starts_with("ready"));
  REQUIRE(writer.ask("publish 1").starts_with("ok"));
  std::vector<Peer> readers;
  for (int i = 0; i < 20; ++i) readers.push_back(Peer({"read", "name"}));
  for (Peer& reader : readers) {
    REQUIRE(reader.line().starts_with("ready"));
    REQUIRE(reader.ask("next 5000").starts_with("frame"));
    reader.send("next 20000");
  }
  std::this_thread::sleep_for(100ms);
  const std::uint64_t killed = now_ns();
  writer.kill();
  double last_ms = 0;
  for (Peer& reader : readers) {
    const std::string told = reader.line();
    REQUIRE(told.starts_with("writer_gone"));
    last_ms = std::max(last_ms, static_cast<double>(value(told, "at") - killed) / 1e6);
  }
  std::cout << "death notice to the last of 20: " << last_ms << " ms\n";
  CHECK(last_ms < 5000);
}

TEST_CASE("a writer's death wakes a sleeper, and that one wakes the rest", "[integration]") {
  // Sleepers on the bare word, without the library's habit of looking by itself now and then.
  for (const bool with_reader : {false, true}) {
    TempPlace place;
    Peer writer({"write", "name"});
    REQUIRE(writer.line().starts_with("ready"));
    REQUIRE(writer.ask("publish 1").starts_with("ok"));
    Peer reader({"read", "name"});
    REQUIRE(reader.line().starts_with("ready"));
    REQUIRE(reader.ask("next 5000").starts_with("frame"));
    if (with_reader) reader.send("next 20000");
    std::vector<std::unique_ptr<BareSleeper>> sleepers;
    for (int i = 0; i < (with_reader ? 3 : 1); ++i)
      sleepers.push_back(std::make_unique<BareSleeper>(place.path() / "name"));
    std::this_thread::sleep_for(200ms);
    writer.kill();
    for (auto& sleeper : sleepers) CHECK(sleeper->was_woken());
  }
}

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
