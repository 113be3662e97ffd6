// SPDX-License-Identifier: Apache-2.0
#include "segment/futex.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "segment/clock.hpp"
#include "segment/shared_memory_access.hpp"
#include "support/catch.hpp"

using namespace shmvideo;

namespace {

/// A word in a file that is mapped twice, once for reading only.
struct TwoViews {
  TwoViews() : fd(::memfd_create("words", MFD_CLOEXEC)) {
    REQUIRE(::ftruncate(fd, 4096) == 0);
    writable = static_cast<std::uint32_t*>(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    readable = static_cast<const std::uint32_t*>(::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fd, 0));
  }
  ~TwoViews() {
    ::munmap(writable, 4096);
    ::munmap(const_cast<std::uint32_t*>(readable), 4096);
    ::close(fd);
  }
  int fd;
  std::uint32_t* writable;
  const std::uint32_t* readable;
};

constexpr std::uint64_t kLongNs = 20'000'000'000;

}  // namespace

TEST_CASE("a sleeper on a read-only mapping is woken through another", "[segment]") {
  TwoViews views;
  std::uint32_t own = 0;
  std::atomic<bool> woken{false};
  std::thread sleeper([&] {
    while (shared::load_acquire(*views.readable) == 0) {
      const FutexWord words[] = {{views.readable, 0, false}, {&own, 0, true}};
      futex_wait(words, monotonic_ns() + kLongNs);
    }
    woken = true;
  });
  shared::store_release(*views.writable, std::uint32_t{1});
  while (!woken) futex_wake_all(*views.writable);
  sleeper.join();
}

TEST_CASE("the second word wakes as well as the first", "[segment]") {
  TwoViews views;
  std::uint32_t own = 0;
  std::atomic<bool> woken{false};
  std::thread sleeper([&] {
    while (shared::load_acquire(own) == 0) {
      const FutexWord words[] = {{views.readable, 0, false}, {&own, 0, true}};
      futex_wait(words, monotonic_ns() + kLongNs);
    }
    woken = true;
  });
  shared::store_release(own, std::uint32_t{1});
  while (!woken) futex_wake_all(own, true);
  sleeper.join();
}

TEST_CASE("who comes too late does not sleep, and a deadline in the past is over", "[segment]") {
  TwoViews views;
  *views.writable = 7;
  const std::uint64_t before = monotonic_ns();
  const FutexWord changed[] = {{views.readable, 6, false}, {views.readable + 1, 0, false}};
  futex_wait(changed, before + kLongNs);
  const FutexWord same[] = {{views.readable, 7, false}, {views.readable + 1, 0, false}};
  futex_wait(same, 0);
  futex_wait(same, before);
  CHECK(monotonic_ns() - before < kLongNs);
}

TEST_CASE("a mapping that was cut off under a sleeper wakes nobody up with a signal", "[segment]") {
  TwoViews views;
  REQUIRE(::ftruncate(views.fd, 0) == 0);
  const std::uint64_t before = monotonic_ns();
  const FutexWord words[] = {{views.readable, 0, false}, {views.readable + 1, 0, false}};
  futex_wait(words, before + kLongNs);
  futex_wait({words, 1}, before + kLongNs);
  CHECK(futex_wake_all(*views.readable) == 0);
  CHECK(monotonic_ns() - before < kLongNs);
}
