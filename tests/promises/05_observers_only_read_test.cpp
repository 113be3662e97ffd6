// SPDX-License-Identifier: Apache-2.0
// Promise 5: an observer needs to read and nothing else, and does nothing else. Its system calls are looked
// at one by one through attaching, reading, waiting, a restart and the end, and what it has open and mapped
// is looked at too.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "process.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"
#include "traced_peer.hpp"

using namespace shmvideo_test;

namespace {

/// A place like /dev/shm, for strangers too.
struct OpenPlace : TempPlace {
  OpenPlace() { std::filesystem::permissions(path(), static_cast<std::filesystem::perms>(01777)); }
};

/// What changes a file or a directory, by whatever descriptor or path: an observer has no use for any of it.
bool changes_files(long number) {
  static constexpr long kCalls[] = {
      SYS_pwrite64,        SYS_pwritev,  SYS_writev,    SYS_ftruncate, SYS_truncate, SYS_fallocate,
      SYS_unlinkat,        SYS_linkat,   SYS_symlinkat, SYS_renameat2, SYS_fchmod,   SYS_fchmodat,
      SYS_fchown,          SYS_fchownat, SYS_mkdirat,   SYS_mknodat,   SYS_flock,    SYS_utimensat,
      SYS_copy_file_range,
#ifdef SYS_unlink
      SYS_unlink,          SYS_link,     SYS_rename,    SYS_renameat,  SYS_chmod,    SYS_chown,
      SYS_mkdir,           SYS_creat,    SYS_open,
#endif
  };
  return std::find(std::begin(kCalls), std::end(kCalls), number) != std::end(kCalls);
}

/// Watches a reader's calls, and asks it things meanwhile.
class Watch {
 public:
  Watch(Peer& reader, const TempPlace& place, bool is_stranger)
      : reader_(reader), place_(place), is_stranger_(is_stranger), tracer_(reader.pid()) {}
  bool is_possible() const { return tracer_.is_attached(); }

  std::string ask(const std::string& command) {
    reader_.send(command);
    while (!reader_.has_spoken()) {
      if (!tracer_.next_call(call_)) FAIL("the reader is gone");
      ++calls;
      if (changes_files(call_.number)) FAIL("system call " << call_.number << " of an observer");
      if (call_.number == SYS_openat) judge_open();
      if (call_.number == SYS_mmap && call_.is_entry) judge_mapping();
    }
    return reader_.line();
  }

  int calls = 0;
  int opened = 0;
  int mapped = 0;

 private:
  void judge_open() {
    if (call_.is_entry) path_ = tracer_.text_at(call_.argument[1]);
    if (!path_.starts_with(place_.path().native())) return;
    const auto flags = static_cast<int>(call_.argument[2]);
    const bool reads_only = (flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC));
    INFO("open " << path_ << " with " << flags);
    // The readers' file may be asked for: who is not let in is an observer.
    if (path_.ends_with(".readers")) {
      CHECK(is_stranger_);
      if (!call_.is_entry) CHECK(call_.result < 0);
    } else {
      CHECK(reads_only);
      opened += !call_.is_entry && call_.result >= 0;
    }
  }
  void judge_mapping() {
    const auto fd = static_cast<int>(call_.argument[4]);
    if (fd < 0) return;
    std::error_code failed;
    const std::filesystem::path link = "/proc/" + std::to_string(reader_.pid()) + "/fd/" + std::to_string(fd);
    if (!std::filesystem::read_symlink(link, failed).native().starts_with(place_.path().native())) return;
    CHECK(call_.argument[2] == PROT_READ);
    ++mapped;
  }

  Peer& reader_;
  const TempPlace& place_;
  bool is_stranger_;
  Tracer tracer_;
  Tracer::Call call_;
  std::string path_;
};

/// All of the process, its other threads included.
void check_possessions(pid_t pid, const TempPlace& place) {
  const std::filesystem::path process = "/proc/" + std::to_string(pid);
  int found = 0;
  std::ifstream maps(process / "maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find(place.path().native()) == std::string::npos) continue;
    ++found;
    INFO(line);
    CHECK(line.find(" r--s ") != std::string::npos);
  }
  CHECK(found > 0);
  for (const auto& entry : std::filesystem::directory_iterator(process / "fd")) {
    std::error_code failed;
    if (!std::filesystem::read_symlink(entry, failed).native().starts_with(place.path().native())) continue;
    std::ifstream in(process / "fdinfo" / entry.path().filename());
    for (std::string line; std::getline(in, line);)
      if (line.starts_with("flags:")) CHECK((std::stol(line.substr(6), nullptr, 8) & O_ACCMODE) == O_RDONLY);
  }
}

/// From attaching to the end, by way of a writer's death and a successor with another size.
void watch_a_life(const std::vector<std::string>& kind, bool is_stranger) {
  OpenPlace place;
  Peer first({"write", "name", "mode=0644"});
  REQUIRE(first.line().starts_with("ready"));
  REQUIRE(first.ask("publish 3").starts_with("ok"));
  Peer reader(kind);
  REQUIRE(reader.line().starts_with("waiting"));
  Watch watch(reader, place, is_stranger);
  if (!watch.is_possible()) {
    WARN("skipped: tracing is not to be had here");
    return;
  }
  REQUIRE(watch.ask("").starts_with("ready"));
  CHECK(value(watch.ask("next 5000"), "whole") == 1);
  CHECK(watch.ask("next 300").find("frame") == std::string::npos);
  CHECK(value(watch.ask("stats"), "present") == 0);
  check_possessions(reader.pid(), place);
  first.kill();
  CHECK(watch.ask("next 20000").starts_with("writer_gone"));
  Peer second({"write", "name", "mode=0644", "bytes=65536"});
  REQUIRE(second.line().starts_with("ready"));
  REQUIRE(second.ask("publish 1") == "ok number=4");
  CHECK(value(watch.ask("next 20000"), "number") == 4);
  check_possessions(reader.pid(), place);
  CHECK(second.finish() == 0);
  CHECK(watch.ask("next 20000").starts_with("closed"));
  std::cout << "an observer's life: " << watch.calls << " stops at system calls, " << watch.opened
            << " segments opened and " << watch.mapped << " mapped, for reading only\n";
  CHECK(watch.opened >= 2);
  CHECK(watch.mapped >= 2);
}

}  // namespace

TEST_CASE("an observer under another uid opens and maps for reading only, and changes nothing",
          "[promises]") {
  if (!is_root_or_skipped()) return;
  watch_a_life({"read", "name", "grade=observe", "uid=65534", "on_word"}, true);
}

TEST_CASE("an observer that could write does not do it either", "[promises]") {
  watch_a_life({"read", "name", "grade=observe", "present=0", "on_word"}, false);
}

TEST_CASE("an observer with an event loop maps for reading only", "[promises]") {
  OpenPlace place;
  Peer writer({"write", "name", "mode=0644"});
  REQUIRE(writer.line().starts_with("ready"));
  Peer reader({"read", "name", "grade=observe", "present=0"});
  REQUIRE(reader.line().starts_with("ready"));
  reader.send("poll 20000");
  REQUIRE(writer.ask("publish 1").starts_with("ok"));
  CHECK(value(reader.line(), "ready") == 1);
  check_possessions(reader.pid(), place);
}
