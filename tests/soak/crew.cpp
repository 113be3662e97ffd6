// SPDX-License-Identifier: Apache-2.0
#include "crew.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace soak {
namespace {

constexpr double kEndPatience = 60;

std::string ending(int status) {
  return WIFSIGNALED(status) ? "by signal " + std::to_string(WTERMSIG(status))
                             : "with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Crew::Crew(const Options& options, const std::string (&names)[2], int ledger_fd, Ledger& ledger,
           std::uint64_t seed)
    : options_(options), names_(names), ledger_fd_(ledger_fd), ledger_(ledger), chance_(seed) {
  members_ = {{"writer", 0}, {"resident", 0}, {"resident", 1}, {"regular", 0}, {"writer", 1}};
  for (std::uint32_t i = 0; i < options.readers; ++i) members_.push_back({"visitor", 0});
}

Crew::~Crew() {
  for (Member& member : members_)
    if (member.pid) {
      ::kill(member.pid, SIGKILL);
      ::waitpid(member.pid, nullptr, 0);
    }
}

void Crew::start(Member& member) {
  // Below 2^31, so that a frame's seed has room for its number as well.
  const std::string arguments[] = {"soak",
                                   "--role",
                                   member.role,
                                   std::to_string(ledger_fd_),
                                   names_[0],
                                   names_[1],
                                   std::to_string(member.which),
                                   std::to_string(options_.frame_bytes),
                                   std::to_string(options_.rate),
                                   std::to_string(options_.visit_frames),
                                   std::to_string(chance_() >> 33)};
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  member.pid = ::fork();
  if (member.pid < 0) throw std::runtime_error("cannot start a process");
  if (member.pid == 0) {
    ::execv("/proc/self/exe", argv.data());
    ::_exit(127);
  }
  member.is_stopped = member.is_expected_to_end = false;
  ++processes_;
}

void Crew::tend() {
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
    for (Member& member : members_)
      if (member.pid == pid) ended(member, status);
  for (Member& member : members_) {
    if (member.is_stopped && seconds_now() >= member.resume_at) resume(member);
    if (!member.pid && !is_ending_ && (is_visiting_ || member.role != "visitor")) start(member);
  }
}

void Crew::ended(Member& member, int status) {
  member.pid = 0;
  member.is_stopped = false;
  const bool is_good_end = member.role == "visitor" && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!member.is_expected_to_end && !is_good_end && !is_ending_)
    incidents_.push_back("a " + member.role + " ended " + ending(status));
}

void Crew::resume(Member& member) {
  ::kill(member.pid, SIGCONT);
  member.is_stopped = false;
}

void Crew::strike() {
  const std::uint64_t dice = between(chance_, 0, 99);
  if (Member& writer = members_[kRestartedWriter]; dice < 8) {
    if (!writer.pid) return;
    // One that was told before it could hear is told again.
    if (writer.is_expected_to_end) return static_cast<void>(::kill(writer.pid, SIGTERM));
    const bool is_killed = dice < 5;
    writer.is_expected_to_end = true;
    ::kill(writer.pid, is_killed ? SIGKILL : SIGTERM);
    ++(is_killed ? blows_.writer_kills : blows_.writer_ends);
    return;
  }
  Member& visitor = members_[between(chance_, kRestartedWriter + 1, members_.size() - 1)];
  if (!visitor.pid || visitor.is_expected_to_end) return;
  if (dice < 50 && !visitor.is_stopped) {
    ::kill(visitor.pid, SIGSTOP);
    visitor.is_stopped = true;
    visitor.resume_at = seconds_now() + static_cast<double>(between(chance_, 1, 500)) / 1000;
    ++blows_.stops;
  } else {
    visitor.is_expected_to_end = true;  // also one that is stopped
    ::kill(visitor.pid, SIGKILL);
    ++blows_.kills;
  }
}

void Crew::calm_down() {
  is_visiting_ = false;
  for (Member& member : members_)
    if (member.is_stopped) resume(member);
}

bool Crew::has_visitors() const {
  for (const Member& member : members_)
    if (member.role == "visitor" && member.pid) return true;
  return false;
}

void Crew::end_all() {
  calm_down();
  is_ending_ = true;
  ledger_.phase = Phase::end;
  const double deadline = seconds_now() + kEndPatience;
  for (bool are_left = true; are_left && seconds_now() < deadline;) {
    tend();
    are_left = false;
    for (const Member& member : members_) are_left |= member.pid != 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (const Member& member : members_)
    if (member.pid) incidents_.push_back("a " + member.role + " did not end");
}

}  // namespace soak
