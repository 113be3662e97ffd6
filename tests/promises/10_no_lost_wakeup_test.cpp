// SPDX-License-Identifier: Apache-2.0
// Promise 10: no wake-up is lost. Readers look by themselves every 250 ms, which would hide a loss: here that
// look is taken away from them, by a syscall() of this program's own that lets their sleeps last, so that who
// is not woken stays asleep. SHMVIDEO_LITMUS_ROUNDS=10000000 runs the litmus for as long as that takes.
#include <dlfcn.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <functional>
#include <iostream>
#include <random>
#include <thread>
#include <utility>

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

/// What is run in this thread at certain calls; not while it runs.
struct Hooks {
  std::function<void()> at_call;       ///< before it looks at the clock or at a file
  std::function<void()> before_sleep;  ///< between its last look and its sleep
};
thread_local Hooks* hooks = nullptr;

void run(std::function<void()> Hooks::*which) {
  Hooks* const mine = std::exchange(hooks, nullptr);
  if (mine && mine->*which) (mine->*which)();
  hooks = mine;
}

std::atomic<std::uint64_t> sleeps{0};     // that were ended by somebody
std::atomic<std::uint64_t> overslept{0};  // that were ended by nobody: what comes then, comes by chance

using Syscall = long (*)(long, ...);
long real(long number, long a, long b, long c, long d, long e, long f) {
  static const auto function = reinterpret_cast<Syscall>(::dlsym(RTLD_NEXT, "syscall"));
  return function(number, a, b, c, d, e, f);
}

constexpr long kWaitv = 449;
bool is_wait_for_writer(long number, long operation) {
  return number == kWaitv || (number == SYS_futex && operation == FUTEX_WAIT_BITSET);
}

}  // namespace

// In the place of libc's, for everything in this program.
extern "C" long syscall(long number, ...) noexcept {
  va_list list;
  va_start(list, number);
  long argument[6];
  for (long& one : argument) one = va_arg(list, long);
  va_end(list);
  if (!is_wait_for_writer(number, argument[1]))
    return real(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
  run(&Hooks::before_sleep);
  timespec deadline{};
  real(SYS_clock_gettime, CLOCK_MONOTONIC, reinterpret_cast<long>(&deadline), 0, 0, 0, 0);
  deadline.tv_sec += kPatience.count();
  argument[3] = reinterpret_cast<long>(&deadline);
  const long result =
      real(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
  if (result >= 0) ++sleeps;
  if (result < 0 && errno == ETIMEDOUT) ++overslept;
  return result;
}
extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
  if (hooks) run(&Hooks::at_call);
  return static_cast<int>(real(SYS_clock_gettime, clock, reinterpret_cast<long>(now), 0, 0, 0, 0));
}
extern "C" ssize_t pread(int fd, void* to, size_t bytes, off_t at) {
  if (hooks) run(&Hooks::at_call);
  return real(SYS_pread64, fd, reinterpret_cast<long>(to), static_cast<long>(bytes), at, 0, 0);
}
extern "C" ssize_t pwrite(int fd, const void* from, size_t bytes, off_t at) {
  if (hooks) run(&Hooks::at_call);
  return real(SYS_pwrite64, fd, reinterpret_cast<long>(from), static_cast<long>(bytes), at, 0, 0);
}

namespace {

constexpr std::size_t kBytes = 64;
const SegmentName kName("name");

struct Scene {
  Scene() {
    WriterOptions options;
    options.slots = 4;
    options.slot_capacity_bytes = kBytes;
    writer = Writer::create(kName, options);
  }
  std::uint64_t publish() {
    const std::byte payload[kBytes] = {};
    writer->publish(opaque_info(kBytes, 1), payload);
    return writer->statistics().latest;
  }
  static std::unique_ptr<Reader> attach(Grade grade) {
    ReaderOptions options;
    options.grade = grade;
    return Reader::attach(kName, options);
  }
  TempPlace place;
  std::unique_ptr<Writer> writer;
};

/// A reader in a thread of its own that says which frame it had last.
class Follower {
 public:
  explicit Follower(Hooks* with = nullptr, const std::atomic<bool>* start = nullptr)
      : reader_(Scene::attach(Grade::observe)), thread_([this, with, start] { follow(with, start); }) {}
  ~Follower() {
    stopping_ = true;
    reader_->interrupt();
    thread_.join();
  }
  std::uint64_t had() const { return had_; }
  /// Waits without sleeping itself until the follower has that frame; false if it seems never to get it.
  bool has(std::uint64_t number) const {
    const std::uint64_t deadline = now_ns() + std::chrono::nanoseconds(kPatience).count() / 2;
    for (std::uint64_t turn = 1; had_.load() < number; ++turn) {
      if (turn % 1024 == 0 && now_ns() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

 private:
  void follow(Hooks* with, const std::atomic<bool>* start) {
    while (start && !*start) std::this_thread::yield();
    hooks = with;
    Frame frame;
    while (!stopping_)
      if (reader_->next(frame, kPatience) == ReadStatus::frame) had_ = frame.info().number;
  }
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> had_{0};
  std::unique_ptr<Reader> reader_;
  std::thread thread_;
};

/// Publishes as soon as all have had the frame before, or a little later.
std::uint64_t litmus(std::size_t count, double seconds) {
  const char* wanted = std::getenv("SHMVIDEO_LITMUS_ROUNDS");
  const std::uint64_t enough = wanted ? std::strtoull(wanted, nullptr, 10) : 0;
  Scene scene;
  std::vector<std::unique_ptr<Follower>> followers;
  for (std::size_t i = 0; i < count; ++i) followers.push_back(std::make_unique<Follower>());
  std::minstd_rand chance(static_cast<unsigned>(now_ns()));
  const std::uint64_t begin = now_ns();
  const std::uint64_t sleeps_before = sleeps;
  const auto is_done = [&](std::uint64_t round) {
    if (enough) return round >= enough;
    const bool has_slept = sleeps > sleeps_before;
    return static_cast<double>(now_ns() - begin) / 1e9 > seconds && has_slept;
  };
  std::uint64_t round = 0;
  for (; !is_done(round); ++round) {
    const std::uint64_t number = scene.publish();
    for (const auto& follower : followers)
      if (!follower->has(number)) {
        FAIL("a wake-up was lost in round " << round);
      }
    // From "it has not begun to fall asleep" to "it sleeps soundly".
    for (std::uint64_t left = chance() % (1U << chance() % 15); left > 0; --left)
      std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  std::cout << "litmus: " << round << " rounds with " << count << " readers, " << sleeps - sleeps_before
            << " times one was woken, none lost\n";
  return round;
}

}  // namespace

TEST_CASE("a frame that is published at any step of falling asleep ends the sleep", "[promises]") {
  for (const Grade grade : {Grade::observe, Grade::hold}) {
    int steps = 0;
    for (bool has_slept = false; !has_slept; ++steps) {
      Scene scene;
      auto reader = Scene::attach(grade);
      scene.publish();
      Frame frame;
      REQUIRE(reader->next(frame, kPatience) == ReadStatus::frame);
      frame.release();
      int left = steps;
      Hooks mine;
      mine.at_call = [&] {
        if (left-- == 0) scene.publish();
      };
      // The last step: none of the earlier ones was the one.
      mine.before_sleep = [&] {
        if (left < 0) return;
        has_slept = true;
        left = -1;
        scene.publish();
      };
      hooks = &mine;
      const ReadStatus status = reader->next(frame, kPatience);
      hooks = nullptr;
      INFO("step " << steps);
      REQUIRE(overslept == 0);
      REQUIRE(status == ReadStatus::frame);
      REQUIRE(frame.info().number == 2);
    }
    CHECK(steps > 1);
  }
}

TEST_CASE("a reader that looks at any step of publishing, and falls asleep after it, is woken",
          "[promises]") {
  bool is_last = false;
  for (int step = 0; !is_last; ++step) {
    Scene scene;
    std::atomic<bool> may_look{false};
    std::atomic<bool> is_falling_asleep{false};
    std::atomic<bool> may_sleep{false};
    Hooks readers;
    readers.before_sleep = [&] {
      is_falling_asleep = true;
      while (!may_sleep) std::this_thread::yield();
    };
    Follower follower(&readers, &may_look);
    int left = step;
    Hooks mine;
    mine.at_call = [&] {
      if (left-- != 0) return;
      may_look = true;
      // Until it has found nothing and is about to sleep, or has had the frame already.
      REQUIRE(eventually([&] { return is_falling_asleep || follower.had() > 0; }));
    };
    hooks = &mine;
    const std::uint64_t number = scene.publish();
    hooks = nullptr;
    is_last = left >= 0;  // there were fewer steps
    may_look = true;
    may_sleep = true;
    INFO("step " << step);
    REQUIRE(follower.has(number));
    if (is_last) CHECK(step > 2);
  }
}

TEST_CASE("in as many rounds as there is time for no wake-up is lost", "[promises]") {
  CHECK(litmus(1, 6) > 0);
  CHECK(litmus(3, 4) > 0);
  // More than the publishing thread wakes by itself: here the attendant does it.
  CHECK(litmus(40, 4) > 0);
}
