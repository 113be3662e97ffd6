// SPDX-License-Identifier: Apache-2.0
// What the kernel says of a process, and of the machine.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace shmvideo::bench {

struct ProcessFigures {
  std::uint64_t private_bytes = 0;  ///< anonymous memory that is resident: its own alone
  std::uint64_t shared_bytes = 0;   ///< shared memory that is resident: the segment's, above all
  unsigned descriptors = 0;
};

/// Nothing if the process is gone.
std::optional<ProcessFigures> figures_of(pid_t pid);
/// Resident memory with shared pages divided among those who have them; 0 if the process is gone.
std::uint64_t proportional_bytes_of(pid_t pid);
/// Processor time used so far; 0 if the process is gone.
double cpu_seconds_of(pid_t pid) noexcept;

/// Processor time of the whole machine, of all cores together.
struct MachineTime {
  double busy_seconds = 0;
  double all_seconds = 0;
};
MachineTime machine_time();

}  // namespace shmvideo::bench
