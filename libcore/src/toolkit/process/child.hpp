// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "segment/unique_fd.hpp"

namespace shmvideo::toolkit {

/// A program that is run by this one, which reads what it says on standard error.
///
/// It has /dev/null as standard input and output, no other descriptor of ours, default signals (but for
/// ignored ones, which stay so) and a process group of its own, so that a terminal's Ctrl-C is for us alone.
/// It outlives neither this object nor, by the kernel's doing (SIGTERM), the thread that made it, however
/// that ends. That thread only.
class ChildProcess {
 public:
  /// `command`: a program's path, then what it is given. One that cannot be run says so and ends with 127.
  /// Throws Error(system).
  explicit ChildProcess(const std::vector<std::string>& command);
  /// Kills it, if it is still there, and waits for its end.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const noexcept { return pid_; }
  /// Readable when there is something to read, or when it has ended.
  int messages_fd() const noexcept { return messages_.get(); }
  /// Whole lines that it has said since the last call, without their ends. The last one may lack its own.
  std::vector<std::string> read_lines();
  /// Nobody has the other end of messages_fd() any more.
  bool is_silent() const noexcept { return is_silent_; }
  void send_signal(int number) noexcept;
  /// How it ended, as waitpid() tells it; nothing while it runs.
  std::optional<int> status() noexcept;

 private:
  pid_t pid_ = -1;
  UniqueFd messages_;
  std::string unfinished_;  // a line whose end has not come yet
  bool is_silent_ = false;
  std::optional<int> status_;
};

/// "exit status 1", "killed by signal 9": what waitpid() tells, for people.
std::string describe_end(int status);

/// The path of a program of this project's: beside this one, else in $PATH; empty if there is none.
std::string find_companion(std::string_view name);

}  // namespace shmvideo::toolkit
