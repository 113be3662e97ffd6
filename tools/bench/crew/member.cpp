// SPDX-License-Identifier: Apache-2.0
#include "crew/member.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/clock.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo::bench {
namespace {

/// A process younger than this is still setting itself up: its memory grows for good reasons.
constexpr std::uint64_t kSettledAfter = kSecond;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

struct SpawnSettings {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;

  explicit SpawnSettings(int ledger_descriptor) {
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&actions);
    // A group of its own: Ctrl-C is for the supervisor, which tells the others when it is time.
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t none;
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGCHLD}) sigaddset(&defaults, signal);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, ledger_descriptor, kLedgerDescriptor);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

/// The environment, but without a configuration: the ledger says what the process is to do.
class ChildEnvironment {
 public:
  ChildEnvironment() {
    for (char** variable = environ; *variable; ++variable) {
      if (!std::string_view(*variable).starts_with("SHM_VIDEO_CONFIG=")) variables_.push_back(*variable);
    }
    variables_.push_back(no_configuration_.data());
    variables_.push_back(nullptr);
  }
  ChildEnvironment(const ChildEnvironment&) = delete;
  ChildEnvironment& operator=(const ChildEnvironment&) = delete;
  char** data() { return variables_.data(); }

 private:
  std::string no_configuration_ = "SHM_VIDEO_CONFIG=/dev/null";
  std::vector<char*> variables_;
};

}  // namespace

void Member::start(int ledger_descriptor) {
  const SpawnSettings settings(ledger_descriptor);
  std::string program = "shm-bench";
  std::string role = role_ == Role::writer ? "--role=writer" : "--role=reader";
  std::string client = fmt::format("--client={}", index_);
  char* arguments[] = {program.data(), role.data(), client.data(), nullptr};
  ChildEnvironment environment;
  // The very program that runs here, whatever became of its file meanwhile.
  const int failed = ::posix_spawn(&pid_, "/proc/self/exe", &settings.actions, &settings.attributes,
                                   arguments, environment.data());
  if (failed != 0) {
    pid_ = 0;
    const char* advice = failed == EAGAIN ? "; the limit is shown by 'ulimit -u', use fewer --clients" : "";
    throw Error(ErrorCode::system, fmt::format("cannot start the process of client {}{}", index_, advice),
                failed);
  }
  started_ns_ = monotonic_ns();
  // One that came back of its own accord (--churn) was not hit: what it waits for, it still waits for.
  if (processes_ == 0 || is_told_to_end_) since_ns_ = started_ns_;
  is_paused_ = is_told_to_end_ = false;
  cpu_base_ = 0;
  ++processes_;
}

void Member::send(int signal) noexcept {
  if (pid_ == 0) return;
  if (signal == SIGCONT) {
    is_paused_ = false;
    since_ns_ = monotonic_ns();
  }
  if (signal == SIGSTOP) is_paused_ = true;
  if (signal == SIGKILL || signal == SIGTERM) is_told_to_end_ = true;
  ::kill(pid_, signal);
}

void Member::reaped(const rusage& usage) noexcept {
  if (is_counting_) cpu_before_ += seconds(usage.ru_utime) + seconds(usage.ru_stime) - cpu_base_;
  growth_bytes_ = private_growth_bytes();
  growth_descriptors_ = descriptor_growth();
  first_.reset();
  pid_ = 0;
  is_paused_ = false;
}

void Member::begin_window() noexcept {
  is_counting_ = true;
  if (pid_ != 0) cpu_base_ = cpu_seconds_of(pid_);
}

void Member::end_window() noexcept {
  cpu_before_ = cpu_seconds();
  is_counting_ = false;
}

void Member::sample(const std::function<bool()>& is_settled) {
  if (pid_ == 0 || !is_counting_ || !is_settled() || monotonic_ns() < started_ns_ + kSettledAfter) return;
  const auto figures = figures_of(pid_);
  if (!figures || !is_settled()) return;
  before_last_ = first_ ? last_ : *figures;
  last_ = *figures;
  if (!first_) first_ = last_;
  private_bytes_ = std::max(private_bytes_, last_.private_bytes);
  shared_bytes_ = std::max(shared_bytes_, std::min(last_.shared_bytes, before_last_.shared_bytes));
  descriptors_ = std::max(descriptors_, last_.descriptors);
}

double Member::cpu_seconds() const noexcept {
  if (pid_ == 0 || !is_counting_) return cpu_before_;
  return cpu_before_ + std::max(0.0, cpu_seconds_of(pid_) - cpu_base_);
}

std::int64_t Member::private_growth_bytes() const noexcept {
  if (!first_) return growth_bytes_;
  const std::uint64_t now = std::min(last_.private_bytes, before_last_.private_bytes);
  return std::max(growth_bytes_,
                  static_cast<std::int64_t>(now) - static_cast<std::int64_t>(first_->private_bytes));
}

int Member::descriptor_growth() const noexcept {
  if (!first_) return growth_descriptors_;
  const unsigned now = std::min(last_.descriptors, before_last_.descriptors);
  return std::max(growth_descriptors_, static_cast<int>(now) - static_cast<int>(first_->descriptors));
}

}  // namespace shmvideo::bench
