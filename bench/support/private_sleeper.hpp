// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <thread>

namespace shmvideo_bench {

/// A thread of this process that sleeps on a private futex and, when it is woken, sleeps again: the least
/// that waking anybody costs.
class PrivateSleeper {
 public:
  PrivateSleeper() : thread_([this] { run(); }) {}
  ~PrivateSleeper() {
    stopping_.store(true);
    wake();
    thread_.join();
  }
  PrivateSleeper(const PrivateSleeper&) = delete;
  PrivateSleeper& operator=(const PrivateSleeper&) = delete;

  void wake() noexcept {
    word_.fetch_add(1, std::memory_order_release);
    ::syscall(SYS_futex, &word_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  }

 private:
  void run() noexcept {
    while (!stopping_.load()) {
      const std::uint32_t seen = word_.load(std::memory_order_acquire);
      if (stopping_.load()) return;
      ::syscall(SYS_futex, &word_, FUTEX_WAIT_PRIVATE, seen, nullptr, nullptr, 0);
    }
  }
  std::atomic<std::uint32_t> word_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace shmvideo_bench
