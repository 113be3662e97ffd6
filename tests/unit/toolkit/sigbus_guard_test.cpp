// SPDX-License-Identifier: Apache-2.0
#include "toolkit/process/sigbus_guard.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using shmvideo::toolkit::SigbusGuard;

namespace {

constexpr std::size_t kBytes = 64 * 4096;

/// A shared mapping of a file that can be cut under it.
class Mapping {
 public:
  Mapping() : descriptor_(::memfd_create("sigbus_guard_test", MFD_CLOEXEC)) {
    REQUIRE(descriptor_ >= 0);
    REQUIRE(::ftruncate(descriptor_, kBytes) == 0);
    void* address = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
    REQUIRE(address != MAP_FAILED);
    bytes_ = static_cast<volatile char*>(address);
    for (std::size_t i = 0; i < kBytes; i += 4096) bytes_[i] = 'x';
  }
  ~Mapping() {
    ::munmap(address(), kBytes);
    ::close(descriptor_);
  }
  void truncate() { REQUIRE(::ftruncate(descriptor_, 4096) == 0); }
  void* address() const { return const_cast<char*>(bytes_); }
  volatile char& operator[](std::size_t at) const { return bytes_[at]; }

 private:
  int descriptor_;
  volatile char* bytes_ = nullptr;
};

int status_of_child(void (*body)()) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::signal(SIGABRT, SIG_DFL);
    body();
    ::_exit(42);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status;
}

/// True if SIGBUS was the end. A sanitizer takes it for itself, and ends the process with a report.
bool is_end_by_sigbus(int status) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  if (WIFEXITED(status)) return WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 42;
#endif
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS;
}

}  // namespace

TEST_CASE("reading where a file was truncated gives zeroes and the word that it is poisoned") {
  Mapping mapping;
  std::atomic<bool> poisoned{false};
  SigbusGuard::instance().add(mapping.address(), kBytes, &poisoned);
  CHECK(mapping[8 * 4096] == 'x');
  mapping.truncate();
  CHECK(mapping[0] == 'x');
  CHECK_FALSE(poisoned);
  CHECK(mapping[8 * 4096] == 0);
  CHECK(poisoned);
  CHECK(mapping[0] == 0);   // the whole range, so that nobody sees half of a frame
  mapping[9 * 4096] = 'y';  // a writer does not fall over it either
  CHECK(mapping[9 * 4096] == 'y');
  SigbusGuard::instance().remove(mapping.address());
}

TEST_CASE("only the mapping that was truncated is poisoned") {
  Mapping first;
  Mapping second;
  std::atomic<bool> first_poisoned{false};
  std::atomic<bool> second_poisoned{false};
  SigbusGuard::instance().add(first.address(), kBytes, &first_poisoned);
  SigbusGuard::instance().add(second.address(), kBytes, &second_poisoned);
  second.truncate();
  CHECK(second[kBytes - 1] == 0);
  CHECK(second_poisoned);
  CHECK_FALSE(first_poisoned);
  CHECK(first[kBytes - 4096] == 'x');
  SigbusGuard::instance().remove(first.address());
  SigbusGuard::instance().remove(second.address());
}

TEST_CASE("several threads may meet the truncation at once") {
  Mapping mapping;
  std::atomic<bool> poisoned{false};
  SigbusGuard::instance().add(mapping.address(), kBytes, &poisoned);
  mapping.truncate();
  std::atomic<int> others{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (std::size_t at = 4096; at < kBytes; at += 4096) others += mapping[at] != 0;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(others == 0);
  CHECK(poisoned);
  SigbusGuard::instance().remove(mapping.address());
}

TEST_CASE("SIGBUS outside of every guarded range ends the process as ever") {
  const int status = status_of_child([] {
    SigbusGuard::instance();
    Mapping mapping;
    mapping.truncate();
    mapping[8 * 4096] = 'x';
  });
  CHECK(is_end_by_sigbus(status));
}

TEST_CASE("SIGBUS in a range that is guarded no more ends the process") {
  const int status = status_of_child([] {
    Mapping mapping;
    std::atomic<bool> poisoned{false};
    SigbusGuard::instance().add(mapping.address(), kBytes, &poisoned);
    SigbusGuard::instance().remove(mapping.address());
    mapping.truncate();
    mapping[8 * 4096] = 'x';
  });
  CHECK(is_end_by_sigbus(status));
}

TEST_CASE("a SIGBUS that somebody sends ends the process") {
  const int status = status_of_child([] {
    SigbusGuard::instance();
    ::kill(::getpid(), SIGBUS);
  });
  CHECK(is_end_by_sigbus(status));
}
