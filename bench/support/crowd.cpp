// SPDX-License-Identifier: Apache-2.0
#include "support/crowd.hpp"

#include <fmt/core.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "support/numbers.hpp"

namespace shmvideo_bench {
namespace {

constexpr std::uint64_t kPatienceNs = 60'000'000'000;
constexpr std::uint64_t kToSleepNs = 30'000'000;

/// One crowd at a time, so one counter will do.
std::atomic<std::uint32_t>& arrivals() {
  static SharedArray<std::atomic<std::uint32_t>> counter(1);
  return counter[0];
}

// In a child: how often it arrived, and how many of them there are.
std::uint32_t own_arrivals = 0;
unsigned size = 0;

[[noreturn]] void run_child(unsigned index, const Crowd::Body& body) {
  int status = 0;
  try {
    body(index);
  } catch (const std::exception& error) {
    fmt::print(stderr, "child {}: {}\n", index, error.what());
    status = 1;
  }
  ::_exit(status);
}

void require_success(int status) {
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("a child process failed");
}

}  // namespace

Crowd::Crowd(unsigned count, const Body& body) : count_(count) {
  arrivals().store(0);
  size = count;
  std::fflush(stdout);
  const pid_t parent = ::getpid();
  for (unsigned index = 0; index < count; ++index) {
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(1);
      run_child(index, body);
    }
    children_.push_back(child);
  }
}

Crowd::~Crowd() {
  for (const pid_t child : children_) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
}

void Crowd::arrive() {
  ++own_arrivals;
  arrivals().fetch_add(1);
}

void Crowd::arrive_and_stay() {
  arrive();
  const std::uint64_t deadline = now_ns() + kPatienceNs;
  while (arrivals().load() < own_arrivals * size && now_ns() < deadline) sleep_until(now_ns() + kToSleepNs);
}

void Crowd::require_no_failure() {
  std::erase_if(children_, [](pid_t child) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == 0) return false;
    require_success(status);
    return true;
  });
}

void Crowd::gather() {
  expected_ += count_;
  const std::uint64_t deadline = now_ns() + kPatienceNs;
  while (arrivals().load() < expected_) {
    require_no_failure();
    if (now_ns() > deadline) throw std::runtime_error("the child processes do not get ready");
    sleep_until(now_ns() + 1'000'000);
  }
  sleep_until(now_ns() + kToSleepNs);
}

void Crowd::join() {
  while (!children_.empty()) {
    int status = 0;
    ::waitpid(children_.back(), &status, 0);
    children_.pop_back();
    require_success(status);
  }
}

}  // namespace shmvideo_bench
