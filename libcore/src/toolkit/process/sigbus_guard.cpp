// SPDX-License-Identifier: Apache-2.0
#include "toolkit/process/sigbus_guard.hpp"

#include <sys/mman.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <mutex>

namespace shmvideo::toolkit {
namespace {

/// One guarded mapping. The handler may run at any moment in any thread, so `begin` says whether the
/// rest is complete: written last, cleared first. A mapping is only removed by who owns it and uses
/// it no more, so that no handler works on an entry while it is cleared.
struct Range {
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::size_t> bytes{0};
  std::atomic<std::atomic<bool>*> poisoned{nullptr};
};

Range ranges[SigbusGuard::kRanges];
std::mutex table_mutex;  // between add() and remove() only; the handler takes no lock
struct sigaction previous;

bool repair(std::uintptr_t address) {
  for (Range& range : ranges) {
    const std::uintptr_t begin = range.begin.load(std::memory_order_acquire);
    if (begin == 0 || address < begin || address - begin >= range.bytes.load()) continue;
    // Before the pages: whoever reads zeroes out of them can see why.
    range.poisoned.load()->store(true);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the address came from a pointer
    return ::mmap(reinterpret_cast<void*>(begin), range.bytes.load(), PROT_READ | PROT_WRITE,
                  MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
  }
  return false;
}

void pass_on(int number, siginfo_t* info, void* context) {
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(number, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(number);
  } else {
    // The access is repeated when we return, and then the default action ends the process.
    std::signal(number, SIG_DFL);
    if (info->si_code <= 0) std::raise(number);  // sent by kill(): nothing will repeat it
  }
}

void on_sigbus(int number, siginfo_t* info, void* context) {
  // si_code > 0: the kernel says so, and si_addr is an address. kill() and sigqueue() have none.
  if (info->si_code <= 0 || !repair(reinterpret_cast<std::uintptr_t>(info->si_addr))) {
    pass_on(number, info, context);
  }
}

}  // namespace

SigbusGuard::SigbusGuard() {
  struct sigaction action {};
  action.sa_sigaction = on_sigbus;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGBUS, &action, &previous);
}

SigbusGuard& SigbusGuard::instance() {
  // Leaked on purpose: frames may outlive main().
  static SigbusGuard* const guard = new SigbusGuard;
  return *guard;
}

void SigbusGuard::add(void* address, std::size_t bytes, std::atomic<bool>* poisoned) {
  const std::lock_guard lock(table_mutex);
  for (Range& range : ranges) {
    if (range.begin.load() != 0) continue;
    range.bytes.store(bytes);
    range.poisoned.store(poisoned);
    range.begin.store(reinterpret_cast<std::uintptr_t>(address), std::memory_order_release);
    return;
  }
}

void SigbusGuard::remove(void* address) noexcept {
  const std::lock_guard lock(table_mutex);
  for (Range& range : ranges) {
    if (range.begin.load() != reinterpret_cast<std::uintptr_t>(address)) continue;
    range.begin.store(0);
    return;
  }
}

}  // namespace shmvideo::toolkit
