// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <utility>

#include "support/catch.hpp"

extern char** environ;

namespace shmvideo_test {

Peer::Peer(const std::vector<std::string>& arguments) {
  ::signal(SIGPIPE, SIG_IGN);  // a peer that was killed does not read
  int in[2];
  int out[2];
  REQUIRE(::pipe2(in, O_CLOEXEC) == 0);
  REQUIRE(::pipe2(out, O_CLOEXEC) == 0);
  std::vector<char*> argv{const_cast<char*>(SHMVIDEO_TEST_PEER)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  const int failed = ::posix_spawn(&pid_, SHMVIDEO_TEST_PEER, &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  in_ = in[1];
  out_ = out[0];
  REQUIRE(failed == 0);
}

Peer::Peer(Peer&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      in_(std::exchange(other.in_, -1)),
      out_(std::exchange(other.out_, -1)),
      unread_(std::move(other.unread_)) {}

Peer& Peer::operator=(Peer&& other) noexcept {
  if (this == &other) return *this;
  this->~Peer();
  return *new (this) Peer(std::move(other));
}

Peer::~Peer() {
  kill();
  if (in_ >= 0) ::close(in_);
  if (out_ >= 0) ::close(out_);
}

int Peer::wait() {
  int status = 0;
  if (pid_ <= 0 || ::waitpid(pid_, &status, 0) != pid_) return -1;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Peer::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

void Peer::stop() {
  ::kill(pid_, SIGSTOP);
  int status = 0;
  REQUIRE(::waitpid(pid_, &status, WUNTRACED) == pid_);
  REQUIRE(WIFSTOPPED(status));
}

void Peer::resume() { ::kill(pid_, SIGCONT); }

int Peer::finish() {
  ::close(std::exchange(in_, -1));
  return wait();
}

std::string Peer::line() {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    if (const auto end = unread_.find('\n'); end != std::string::npos) {
      std::string first = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return first;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd output{out_, POLLIN, 0};
    char buffer[4096];
    if (left.count() <= 0 || ::poll(&output, 1, static_cast<int>(left.count())) <= 0)
      FAIL("the peer says nothing");
    const ssize_t got = ::read(out_, buffer, sizeof buffer);
    if (got <= 0) return "";
    unread_.append(buffer, static_cast<std::size_t>(got));
  }
}

bool Peer::has_spoken() const {
  pollfd output{out_, POLLIN, 0};
  return unread_.find('\n') != std::string::npos || ::poll(&output, 1, 0) > 0;
}

void Peer::send(const std::string& command) {
  const std::string text = command + "\n";
  REQUIRE(::write(in_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

std::string Peer::ask(const std::string& command) {
  send(command);
  return line();
}

std::uint64_t value(const std::string& answer, const std::string& key) {
  const auto at = (" " + answer).find(" " + key + "=");
  if (at == std::string::npos) FAIL("no " + key + " in: " + answer);
  return std::strtoull(answer.c_str() + at + key.size() + 1, nullptr, 10);
}

void pause_briefly() {
  const timespec pause{0, 2'000'000};
  ::nanosleep(&pause, nullptr);
}

std::uint64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

bool is_root_or_skipped() {
  // Root in a container may be root in name only: tried, not asked.
  const pid_t child = ::fork();
  if (child == 0) {
    const bool works = ::setgroups(0, nullptr) == 0 && ::setresgid(65534, 65534, 65534) == 0 &&
                       ::setresuid(65534, 65534, 65534) == 0;
    ::_exit(works ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  if (status == 0) return true;
  WARN("skipped: only root can become another user or mount a file system");
  return false;
}

bool is_unavailable(const std::string& answer) {
  if (!answer.starts_with("unavailable")) return false;
  WARN("skipped: " + answer);
  return true;
}

}  // namespace shmvideo_test
