// SPDX-License-Identifier: Apache-2.0
#include "transport/attendant.hpp"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "segment/clock.hpp"
#include "segment/futex.hpp"
#include "segment/shared_memory_access.hpp"
#include "transport/quiet_thread.hpp"

namespace shmvideo {
namespace {

constexpr std::uint64_t kHeartbeatNs = 100'000'000;
constexpr std::uint64_t kTurnsPerCheck = 3;   // look after the file every 300 ms
constexpr std::uint64_t kTurnsPerClock = 10;  // and pair the clocks every second
/// Waking costs the waker some microseconds a sleeper; up to here the detour through another thread
/// costs more (bench/README.md has the measurement).
constexpr std::uint32_t kInlineSleepersMax = 32;
/// What is left of publishing after the request takes less than a tenth of this.
constexpr std::uint64_t kCourtesyNs = 50'000;

/// The kernel's protocol (Documentation/locking/robust-futex-ABI): a list in private memory whose
/// entries name, by a fixed distance, the words to be marked when the thread dies.
class RobustOwnership {
 public:
  explicit RobustOwnership(std::uint32_t& word) noexcept : word_(word) {
    head_.list.next = &node_;
    node_.next = &head_.list;
    head_.futex_offset = reinterpret_cast<char*>(&word) - reinterpret_cast<char*>(&node_);
    head_.list_op_pending = nullptr;
    const auto tid = static_cast<std::uint32_t>(::syscall(SYS_gettid));
    ::syscall(SYS_set_robust_list, &head_, sizeof head_);
    // WAITERS is preset: without it the kernel marks the word but wakes nobody.
    shared::store_release(word_, tid | SHMV_OWNER_WAITERS);
  }
  ~RobustOwnership() {
    shared::store_release(word_, std::uint32_t{0});
    head_.list.next = &head_.list;
    // The thread goes on for a moment, this memory does not.
    ::syscall(SYS_set_robust_list, nullptr, sizeof head_);
  }
  RobustOwnership(const RobustOwnership&) = delete;
  RobustOwnership& operator=(const RobustOwnership&) = delete;

 private:
  std::uint32_t& word_;
  robust_list_head head_{};
  robust_list node_{};
};

}  // namespace

Attendant::Attendant(CreatedSegment& segment) : segment_(segment) {
  thread_ = start_quiet_thread([this] { run(); });
  while (shared::load_acquire(ready_) == 0) {
    const FutexWord word{&ready_, 0, true};
    futex_wait({&word, 1}, monotonic_ns() + kHeartbeatNs);
  }
}

Attendant::~Attendant() {
  stopping_.store(true);
  shared::fetch_add(request_, std::uint32_t{1});
  futex_wake_all(request_, true);
  thread_.join();
}

[[gnu::hot]] void Attendant::wake_readers() noexcept {
  if (sleepers_.load(std::memory_order_relaxed) <= kInlineSleepersMax) {
    wake_now();
    return;
  }
  is_publishing_.store(true, std::memory_order_relaxed);
  shared::fetch_add(request_, std::uint32_t{1});
  futex_wake_all(request_, true);
}

/// A crowd that wakes up takes every processor that there is, the publishing thread's too: not before that is
/// through, or publishing would take as long as they do.
void Attendant::let_publishing_end() const noexcept {
  const std::uint64_t until = monotonic_ns() + kCourtesyNs;
  while (is_publishing_.load(std::memory_order_acquire) && monotonic_ns() < until) ::sched_yield();
}

[[gnu::hot]] void Attendant::wake_now() noexcept {
  const std::uint32_t woken = futex_wake_all(segment_.header().notify);
  sleepers_.store(woken, std::memory_order_relaxed);
  shared::store_relaxed(segment_.header().sleepers_woken, woken);
}

void Attendant::keep_time(std::uint64_t now, std::uint64_t turn) noexcept {
  shmv_header& header = segment_.header();
  shared::store_relaxed(header.heartbeat_ns, now);
  if (turn % kTurnsPerCheck == 0) intact_.store(segment_.is_intact(), std::memory_order_relaxed);
  if (turn % kTurnsPerClock != 0) return;
  const std::uint64_t sequence = shared::load_relaxed(header.clock_sequence);
  shared::store_relaxed(header.clock_sequence, sequence + 1);
  shared::fence_release();
  shared::store_relaxed(header.clock_monotonic_ns, monotonic_ns());
  shared::store_relaxed(header.clock_realtime_ns, realtime_ns());
  shared::store_release(header.clock_sequence, sequence + 2);
}

void Attendant::run() noexcept {
  ::pthread_setname_np(::pthread_self(), "shmv-attendant");
  const RobustOwnership ownership(segment_.header().owner);
  shared::store_release(ready_, std::uint32_t{1});
  futex_wake_all(ready_, true);
  std::uint32_t handled = 0;
  std::uint64_t turn = 0;
  for (std::uint64_t next = monotonic_ns(); !stopping_.load();) {
    const FutexWord word{&request_, handled, true};
    futex_wait({&word, 1}, next);
    const std::uint32_t requested = shared::load_acquire(request_);
    if (requested != handled) {
      handled = requested;
      let_publishing_end();
      wake_now();
    }
    if (const std::uint64_t now = monotonic_ns(); now >= next) {
      keep_time(now, turn++);
      next = now + kHeartbeatNs;
    }
  }
}

}  // namespace shmvideo
