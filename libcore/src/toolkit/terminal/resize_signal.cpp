// SPDX-License-Identifier: Apache-2.0
#include "toolkit/terminal/resize_signal.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "shmvideo/error.hpp"

namespace shmvideo::toolkit {
namespace {

sigset_t only_sigwinch() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGWINCH);
  return set;
}

}  // namespace

ResizeSignal::ResizeSignal() {
  // Blocked, since only then signalfd sees it: its default is to be ignored.
  const sigset_t set = only_sigwinch();
  descriptor_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor_ < 0) throw Error(ErrorCode::system, "cannot watch the size of the terminal", errno);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

ResizeSignal::~ResizeSignal() {
  clear();
  const sigset_t set = only_sigwinch();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  ::close(descriptor_);
}

void ResizeSignal::clear() noexcept {
  signalfd_siginfo told;
  while (::read(descriptor_, &told, sizeof told) == sizeof told) {
  }
}

}  // namespace shmvideo::toolkit
