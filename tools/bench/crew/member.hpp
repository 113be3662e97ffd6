// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>

#include "crew/process_figures.hpp"
#include "options.hpp"

namespace shmvideo::bench {

/// Where a process finds the ledger.
constexpr int kLedgerDescriptor = 3;

/// One place in the crew: a client, or the writer. Processes fill it one after the other; each is a child
/// of ours that is not reaped yet, so that its pid is surely its own.
class Member {
 public:
  Member(Role role, std::uint32_t index) : role_(role), index_(index) {}

  /// Starts a process that finds the ledger as its descriptor 3. Throws Error(system).
  void start(int ledger_descriptor);
  /// SIGSTOP and SIGCONT are remembered, as is a wish that it ends.
  void send(int signal) noexcept;
  /// The process has been reaped.
  void reaped(const rusage& usage) noexcept;

  pid_t pid() const noexcept { return pid_; }  ///< 0: there is none
  bool is_paused() const noexcept { return is_paused_; }
  bool is_told_to_end() const noexcept { return is_told_to_end_; }
  std::uint64_t since_ns() const noexcept {
    return since_ns_;
  }  ///< first started, or last hit: started anew or resumed
  unsigned processes() const noexcept { return processes_; }

  /// From now on processor time counts.
  void begin_window() noexcept;
  /// From now on it does not.
  void end_window() noexcept;
  /// Looks at the process, memory and descriptors, where it is settled before and after the look.
  void sample(const std::function<bool()>& is_settled);
  /// Processor time used since begin_window(), over all processes.
  double cpu_seconds() const noexcept;

  // Of the process for which it is most. Growth is from a process's first sample to its last two, the lesser
  // of them: while a client goes from one writer to the next it has the files of both.
  std::uint64_t private_bytes() const noexcept { return private_bytes_; }
  std::uint64_t shared_bytes() const noexcept { return shared_bytes_; }
  std::int64_t private_growth_bytes() const noexcept;
  unsigned descriptors() const noexcept { return descriptors_; }
  int descriptor_growth() const noexcept;

 private:
  Role role_;
  std::uint32_t index_;
  pid_t pid_ = 0;
  bool is_paused_ = false;
  bool is_told_to_end_ = false;
  bool is_counting_ = false;
  std::uint64_t since_ns_ = 0;
  std::uint64_t started_ns_ = 0;
  unsigned processes_ = 0;
  double cpu_before_ = 0;  // of processes that have ended
  double cpu_base_ = 0;    // of this one before the window
  std::optional<ProcessFigures> first_;
  ProcessFigures last_;
  ProcessFigures before_last_;
  std::uint64_t private_bytes_ = 0;
  std::uint64_t shared_bytes_ = 0;
  unsigned descriptors_ = 0;
  std::int64_t growth_bytes_ = 0;  // the most of those that have ended
  int growth_descriptors_ = 0;
};

}  // namespace shmvideo::bench
