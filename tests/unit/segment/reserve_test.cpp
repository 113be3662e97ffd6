// SPDX-License-Identifier: Apache-2.0
#include "segment/reserve.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <fstream>

#include "segment_files.hpp"
#include "shmvideo/error.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;

namespace {

/// A made-up cgroup file system.
struct Cgroups : TempPlace {
  void file(const std::string& at, const std::string& text) const {
    std::filesystem::create_directories((path() / at).parent_path());
    std::ofstream(path() / at) << text << '\n';
  }
  auto available(const std::string& self) const {
    file("self", self);
    return cgroup_available_bytes(path(), path() / "self");
  }
};

void count_alarm(int) {}

/// Signals that come faster than a large reservation is made.
class Drumbeat {
 public:
  Drumbeat() {
    struct sigaction action {};
    action.sa_handler = count_alarm;
    ::sigaction(SIGALRM, &action, &before_);
    set(500);
  }
  ~Drumbeat() {
    set(0);
    ::sigaction(SIGALRM, &before_, nullptr);
  }

 private:
  static void set(suseconds_t us) {
    const itimerval timer{{0, us}, {0, us}};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
  }
  struct sigaction before_ {};
};

}  // namespace

TEST_CASE("what a memory cgroup of version 2 leaves", "[segment]") {
  Cgroups groups;
  groups.file("a/b/memory.max", "max");
  groups.file("a/b/memory.current", "5000");
  groups.file("a/memory.max", "10000");
  groups.file("a/memory.current", "7000");
  CHECK(groups.available("0::/a/b") == 3000);
  groups.file("a/b/memory.max", "6000");
  CHECK(groups.available("0::/a/b") == 1000);
  // Page cache that can be dropped is no obstacle.
  groups.file("a/b/memory.stat", "anon 1\ninactive_file 1500\nactive_file 9");
  CHECK(groups.available("0::/a/b") == 2500);
  groups.file("a/memory.current", "12000");
  CHECK(groups.available("0::/a/b") == 0);
}

TEST_CASE("what a memory cgroup of version 1 leaves", "[segment]") {
  Cgroups groups;
  groups.file("memory/docker/x/memory.limit_in_bytes", "67108864");
  groups.file("memory/docker/x/memory.usage_in_bytes", "1048576");
  CHECK(groups.available("5:cpu:/other\n4:memory:/docker/x\n0::/") == 66060288);
}

TEST_CASE("without a limit, or any cgroup, nothing is said", "[segment]") {
  Cgroups groups;
  groups.file("a/memory.max", "max");
  groups.file("a/memory.current", "7000");
  CHECK_FALSE(groups.available("0::/a"));
  CHECK_FALSE(groups.available("0::/not/there"));
  CHECK_FALSE(groups.available("0::/../../outside"));
  CHECK_FALSE(groups.available(""));
  CHECK_FALSE(groups.available("garbage\n:::\n0::"));
  CHECK_FALSE(cgroup_available_bytes(groups.path(), groups.path() / "none"));
}

TEST_CASE("pages are reserved also by a program with a fast timer", "[segment]") {
  TempPlace place;
  constexpr std::uint64_t kBytes = 64 * 1024 * 1024;
  const UniqueFd fd(::open((place.path() / "file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  {
    const Drumbeat drumbeat;
    reserve_pages(fd.get(), kBytes, place.path());
  }
  struct stat status {};
  REQUIRE(::fstat(fd.get(), &status) == 0);
  CHECK(static_cast<std::uint64_t>(status.st_size) == kBytes);
  CHECK(static_cast<std::uint64_t>(status.st_blocks) * 512 >= kBytes);
}

TEST_CASE("more than there is is refused with the MiB that were asked for, before a page is taken",
          "[segment]") {
  TempPlace place;
  const UniqueFd fd(::open((place.path() / "file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  try {
    reserve_pages(fd.get(), std::uint64_t{1} << 45, place.path());
    FAIL("32 TiB");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::no_space);
    CHECK_THAT(error.what(), ContainsSubstring("33554432 MiB"));
  }
  struct stat status {};
  REQUIRE(::fstat(fd.get(), &status) == 0);
  CHECK(status.st_blocks == 0);
}

TEST_CASE("reserving ends when it is asked to", "[segment]") {
  TempPlace place;
  const UniqueFd fd(::open((place.path() / "file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  int asked = 0;
  try {
    reserve_pages(fd.get(), 64 * 1024 * 1024, place.path(), [&] { return ++asked == 3; });
    FAIL("went on");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::cancelled);
  }
  CHECK(asked == 3);
  struct stat status {};
  REQUIRE(::fstat(fd.get(), &status) == 0);
  CHECK(status.st_size == 2 * 1024 * 1024);
}

TEST_CASE("what the machine has left is memory and swap together", "[segment]") {
  TempPlace place;
  const auto file = place.path() / "meminfo";
  std::ofstream(file) << "MemTotal: 100 kB\nMemAvailable:    40 kB\nSwapTotal: 9 kB\nSwapFree: 2 kB\n";
  CHECK(machine_available_bytes(file) == 42 * 1024);
  std::ofstream(file) << "garbage";
  CHECK_FALSE(machine_available_bytes(file));
  CHECK_FALSE(machine_available_bytes(place.path() / "none"));
}
