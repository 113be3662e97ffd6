// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace shmvideo_test {

/// The first thread of a child process under ptrace: it stands still unless told to go on. Its other threads
/// run freely. One thread; the child is ended by whoever started it, also while it is traced.
class Tracer {
 public:
  /// A system call at its entry or, with what it returned, at its exit.
  struct Call {
    bool is_entry = false;
    long number = -1;
    std::uint64_t argument[6] = {};
    std::int64_t result = 0;  ///< at exit: a negative errno, or what it is
  };

  /// Stops the child. is_attached() is false where tracing is not to be had (a sandbox, an emulator).
  explicit Tracer(pid_t pid);
  /// Lets it run on, if it still exists.
  ~Tracer();
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  bool is_attached() const { return is_attached_; }

  /// On by one instruction; false if there is no process left.
  bool step();
  /// On to where the next system call is entered or left; false if there is no process left.
  bool next_call(Call& call);
  /// On until that system call was entered, and left again; false if there is no process left.
  bool pass_call(long number);
  /// A zero-terminated text in its memory, at most 4095 bytes.
  std::string text_at(std::uint64_t address) const;

 private:
  bool wait_for_stop();
  pid_t pid_;
  bool is_attached_ = false;
  bool is_standing_ = false;
};

}  // namespace shmvideo_test
