// SPDX-License-Identifier: Apache-2.0
// Promise 13, as far as a test without a stop-watch can show it: readers sleep in the kernel and are woken.
// How fast that is, is bench/'s business.
#include <fstream>
#include <iostream>

#include "process.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;
using namespace std::chrono_literals;

namespace {

/// Looking by itself is what a reader does every 250 ms, should it not be woken: that many rounds then take a
/// multiple of the patience.
constexpr int kRounds = 500;
/// More than the publishing thread wakes by itself: with so many the attendant does it.
constexpr std::size_t kMany = 40;

std::unique_ptr<Writer> make_writer() {
  WriterOptions options;
  options.slots = 3;
  options.slot_capacity_bytes = 64;
  return Writer::create(SegmentName("name"), options);
}

void publish(Writer& writer) {
  FrameInfo info;
  info.payload_bytes = 64;
  REQUIRE(writer.publish(info, std::vector<std::byte>(64)) == PublishStatus::published);
}

/// The number of the system call that the process is in; -1 for none, or where the kernel does not say.
long current_call(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/syscall");
  long number = -1;
  return in >> number ? number : -1;
}

bool is_in_futex(pid_t pid) {
  constexpr long kWaitv = 449;
#if defined(__x86_64__)
  constexpr long kFutex = 202;
#else
  constexpr long kFutex = 98;
#endif
  const long number = current_call(pid);
  return number == kWaitv || number == kFutex;
}

bool has_proc_syscall() {
  if (std::ifstream("/proc/self/syscall").peek() != std::ifstream::traits_type::eof()) return true;
  WARN("the kernel does not say in which system call a process is: it is given some time to fall asleep");
  return false;
}

/// How often the process gave its processor up by itself.
std::uint64_t sleeps_of(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/status");
  const std::string key = "voluntary_ctxt_switches:";
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key)) return std::strtoull(line.c_str() + key.size(), nullptr, 10);
  return 0;
}

/// Rounds in which each reader is asleep when the frame comes, and says that it has it; how long they took.
double rounds_with(std::size_t count, int rounds) {
  TempPlace place;
  auto writer = make_writer();
  std::vector<Peer> readers;
  for (std::size_t i = 0; i < count; ++i) readers.push_back(Peer({"read", "name", "grade=observe"}));
  for (Peer& reader : readers) REQUIRE(reader.line().starts_with("ready"));
  const bool is_told = has_proc_syscall();
  const std::uint64_t begin = now_ns();
  double seconds = 0;
  for (int round = 0; round < rounds; ++round) {
    for (Peer& reader : readers) reader.send("next 60000");
    if (is_told)
      for (Peer& reader : readers) REQUIRE(eventually([&] { return is_in_futex(reader.pid()); }));
    else
      pause_briefly();
    publish(*writer);
    for (Peer& reader : readers) REQUIRE(reader.line().starts_with("frame"));
    seconds = static_cast<double>(now_ns() - begin) / 1e9;
    if (seconds > static_cast<double>(kPatience.count())) FAIL("too slow for being woken: round " << round);
  }
  std::cout << rounds << " rounds with " << count << " sleeping readers: " << seconds << " s\n";
  return seconds;
}

}  // namespace

TEST_CASE("a sleeping reader is woken by each frame", "[promises]") { rounds_with(1, kRounds); }

TEST_CASE("many sleeping readers are woken by each frame, by the attendant", "[promises]") {
  rounds_with(kMany, kRounds / 4);
}

TEST_CASE("a reader that waits does next to nothing", "[promises]") {
  TempPlace place;
  auto writer = make_writer();
  Peer reader({"read", "name"});
  REQUIRE(reader.line().starts_with("ready"));
  reader.send("next 60000");
  if (has_proc_syscall()) CHECK(eventually([&] { return is_in_futex(reader.pid()); }));
  const std::uint64_t begin = now_ns();
  const std::uint64_t before = sleeps_of(reader.pid());
  const timespec quiet{3, 0};
  ::nanosleep(&quiet, nullptr);
  const auto looks = static_cast<double>(sleeps_of(reader.pid()) - before);
  const double seconds = static_cast<double>(now_ns() - begin) / 1e9;
  std::cout << "a waiting reader looked " << looks << " times in " << seconds << " s\n";
  // Four times a second is meant, twenty where there is no futex_waitv; a poll each millisecond is a
  // thousand.
  CHECK(looks <= 10 + 30 * seconds);
  publish(*writer);
  CHECK(reader.line().starts_with("frame"));
}
