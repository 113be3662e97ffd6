// SPDX-License-Identifier: Apache-2.0
#include "toolkit/process/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "shmvideo/error.hpp"
#include "toolkit/text.hpp"

namespace shmvideo::toolkit {
namespace {

/// A line that is longer is cut: what a stranger says must not fill our memory.
constexpr std::size_t kLineBytesMax = 4096;

/// Between fork() and exec(), in a copy of a process whose other threads may have held any lock: system calls
/// only.
[[noreturn]] void become(char* const* words, int messages, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(127);  // it ended before we asked to be told
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int null = ::open("/dev/null", O_RDWR);
  ::dup2(null, STDIN_FILENO);
  ::dup2(null, STDOUT_FILENO);
  ::dup2(messages, STDERR_FILENO);
  ::closefrom(STDERR_FILENO + 1);
  ::execv(words[0], words);
  const char* const parts[] = {"cannot run ", words[0], ": ", ::strerrordesc_np(errno), "\n"};
  for (const char* part : parts) {
    [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, part, std::strlen(part));
  }
  ::_exit(127);
}

bool is_program(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(ErrorCode::system, "cannot make a pipe", errno);
  messages_.reset(ends[0]);
  const UniqueFd other_end(ends[1]);
  ::fcntl(messages_.get(), F_SETFL, O_NONBLOCK);  // our end only: the child's may wait
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw Error(ErrorCode::system, "cannot start " + command.front(), errno);
  if (pid_ == 0) become(words.data(), other_end.get(), parent);
}

ChildProcess::~ChildProcess() {
  if (status()) return;
  send_signal(SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::vector<std::string> ChildProcess::read_lines() {
  char bytes[4096];
  for (;;) {
    const ssize_t count = ::read(messages_.get(), bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      is_silent_ = count == 0 || errno != EAGAIN;
      break;
    }
    unfinished_.append(bytes, static_cast<std::size_t>(count));
    if (unfinished_.size() >= kLineBytesMax) break;
  }
  std::vector<std::string> lines = split(unfinished_, "\n");
  const bool is_whole = unfinished_.ends_with('\n') || unfinished_.size() >= kLineBytesMax || is_silent_;
  unfinished_.clear();
  if (!is_whole && !lines.empty()) {
    unfinished_ = std::move(lines.back());
    lines.pop_back();
  }
  return lines;
}

void ChildProcess::send_signal(int number) noexcept {
  // Until somebody has waited for it, the number is nobody else's.
  if (!status()) ::kill(pid_, number);
}

std::optional<int> ChildProcess::status() noexcept {
  int status = 0;
  if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return status_;
}

std::string describe_end(int status) {
  if (WIFSIGNALED(status)) return fmt::format("killed by signal {}", WTERMSIG(status));
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

std::string find_companion(std::string_view name) {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (const auto beside = self.parent_path() / name; !failed && is_program(beside)) return beside;
  const char* const path = std::getenv("PATH");
  for (const std::string& folder : split(path ? path : "", ":")) {
    if (const auto found = std::filesystem::path(folder) / name; !folder.empty() && is_program(found))
      return found;
  }
  return {};
}

}  // namespace shmvideo::toolkit
