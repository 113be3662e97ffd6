// SPDX-License-Identifier: Apache-2.0
#include "traced_peer.hpp"

// Before linux/ptrace.h, whose names it shares.
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <iterator>

namespace shmvideo_test {
namespace {

void* number_as_pointer(std::uint64_t number) { return reinterpret_cast<void*>(number); }

}  // namespace

Tracer::Tracer(pid_t pid) : pid_(pid) {
  if (::ptrace(PTRACE_SEIZE, pid, nullptr, number_as_pointer(PTRACE_O_TRACESYSGOOD)) != 0) return;
  is_attached_ = ::ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr) == 0 && wait_for_stop();
}

Tracer::~Tracer() {
  if (is_standing_) ::ptrace(PTRACE_DETACH, pid_, nullptr, nullptr);
}

bool Tracer::wait_for_stop() {
  int status = 0;
  is_standing_ = ::waitpid(pid_, &status, __WALL) == pid_ && WIFSTOPPED(status);
  return is_standing_;
}

bool Tracer::step() { return ::ptrace(PTRACE_SINGLESTEP, pid_, nullptr, nullptr) == 0 && wait_for_stop(); }

bool Tracer::next_call(Call& call) {
  for (;;) {
    if (::ptrace(PTRACE_SYSCALL, pid_, nullptr, nullptr) != 0 || !wait_for_stop()) return false;
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, pid_, number_as_pointer(sizeof info), &info) <= 0) return false;
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
      call.is_entry = true;
      call.number = static_cast<long>(info.entry.nr);
      std::copy(std::begin(info.entry.args), std::end(info.entry.args), call.argument);
      return true;
    }
    if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
      call.is_entry = false;  // number and arguments are those of the entry, which came before
      call.result = info.exit.rval;
      return true;
    }
  }
}

bool Tracer::pass_call(long number) {
  Call call;
  do {
    if (!next_call(call)) return false;
  } while (!call.is_entry || call.number != number);
  return next_call(call);
}

std::string Tracer::text_at(std::uint64_t address) const {
  char text[4096] = {};
  // By pages: what lies behind the text need not be readable.
  for (std::size_t done = 0; done < sizeof text - 1;) {
    const std::size_t to_page_end = 4096 - (address + done) % 4096;
    const iovec here{text + done, std::min(to_page_end, sizeof text - 1 - done)};
    const iovec there{number_as_pointer(address + done), here.iov_len};
    const ssize_t got = ::process_vm_readv(pid_, &here, 1, &there, 1, 0);
    if (got <= 0 || std::memchr(here.iov_base, 0, static_cast<std::size_t>(got))) break;
    done += static_cast<std::size_t>(got);
  }
  return text;
}

}  // namespace shmvideo_test
