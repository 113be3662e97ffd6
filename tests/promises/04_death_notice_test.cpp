// SPDX-License-Identifier: Apache-2.0
// Promise 4: readers that may only read learn of their writer's kill -9 from the kernel, at once, whatever
// PID namespace either of them is in. How soon is printed; asserted is only that it is not by their own
// looking.
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

TEST_CASE("a reader that may only read learns of its writer's kill -9", "[promises]") {
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
    // The frame that was the newest is still there, also for those who come now.
    Peer newcomer({"read", "name"});
    REQUIRE(newcomer.line().starts_with("ready"));
    const std::string frame = newcomer.ask("next 0");
    CHECK(value(frame, "whole") == 1);
    CHECK(value(frame, "valid") == 1);
    CHECK(newcomer.ask("next 0").starts_with("writer_gone"));
  }
}

TEST_CASE("a reader that sleeps until the next frame is due learns of the death then", "[promises]") {
  TempPlace place;
  Peer writer({"write", "name"});
  REQUIRE(writer.line().starts_with("ready"));
  REQUIRE(writer.ask("publish 1").starts_with("ok"));
  Peer reader({"read", "name"});
  REQUIRE(reader.line().starts_with("ready"));
  REQUIRE(reader.ask("next 5000").starts_with("frame"));
  for (int round = 0; round < 3; ++round) {
    // The next one follows when this one was taken: the reader gets two in a row, some milliseconds apart.
    std::this_thread::sleep_for(10ms);
    REQUIRE(writer.ask("publish 1").starts_with("ok"));
    REQUIRE(reader.ask("next 5000").starts_with("frame"));
  }
  reader.send("next 20000");
  std::this_thread::sleep_for(3ms);  // asleep by now, most likely
  const std::uint64_t killed = now_ns();
  writer.kill();
  const std::string told = reader.line();
  REQUIRE(told.starts_with("writer_gone"));
  std::cout << "death notice to one who expects a frame: "
            << static_cast<double>(value(told, "at") - killed) / 1e6 << " ms\n";
}

TEST_CASE("a writer in a PID namespace of its own is known to be dead outside", "[promises]") {
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
  std::cout << "death notice out of a PID namespace: " << death_notice_ms(writer, reader) << " ms\n";
  Peer successor({"write", "name"});
  REQUIRE(successor.line().starts_with("ready"));
  CHECK(successor.ask("publish 1") == "ok number=2");
}

TEST_CASE("twenty sleeping readers all learn of their writer's kill -9", "[promises]") {
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
}

TEST_CASE("a writer's death wakes a sleeper, and that one wakes the rest", "[promises]") {
  // Sleepers on the bare word, without the library's habit of looking by itself now and then.
  std::vector<std::vector<std::string>> kinds{{"write", "name"}};
  if (is_root_or_skipped()) kinds.push_back({"write", "name", "newpid"});
  for (const auto& kind : kinds)
    for (const bool with_reader : {false, true}) {
      TempPlace place;
      Peer writer(kind);
      const std::string ready = writer.line();
      if (is_unavailable(ready)) continue;
      REQUIRE(ready.starts_with("ready"));
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
