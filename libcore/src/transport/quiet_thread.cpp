// SPDX-License-Identifier: Apache-2.0
#include "transport/quiet_thread.hpp"

#include <signal.h>

#include <system_error>
#include <utility>

#include "segment/system_error.hpp"

namespace shmvideo {
namespace {

/// Blocks the signals of this thread, which one that it starts inherits, for as long as it lives.
class BlockedSignals {
 public:
  BlockedSignals() noexcept {
    sigset_t blocked;
    sigfillset(&blocked);
    for (const int fault : {SIGBUS, SIGSEGV, SIGFPE, SIGILL}) sigdelset(&blocked, fault);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

std::thread start_quiet_thread(std::function<void()> run) {
  const BlockedSignals blocked;
  try {
    return std::thread(std::move(run));
  } catch (const std::system_error& failed) {
    throw system_error("cannot start a thread", failed.code().value());
  }
}

}  // namespace shmvideo
