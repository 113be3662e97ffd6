// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace soak {

/// What the kernel says that a process has.
struct Figures {
  std::uint64_t descriptors = 0;
  std::uint64_t mappings = 0;
  std::uint64_t locked_bytes = 0;        ///< VmLck
  std::uint64_t private_bytes = 0;       ///< RssAnon
  std::uint64_t proportional_bytes = 0;  ///< Pss: shared pages divided among those who have them
};

/// Throws std::runtime_error if the process is gone.
Figures figures_of(pid_t pid);
/// "12 descriptors, 80 mappings, 0 KiB locked, 500 KiB private, 900 KiB proportional"
std::string to_text(const Figures& figures);
/// What `after` has more of than `before`, beyond what a process may take on the way; a sentence each.
std::vector<std::string> growth(const Figures& before, const Figures& after);

/// The files of these segments, their companions and anything half-made, in the place of segments; and the
/// size of each NAME.readers and how many entries of it are taken.
struct Traces {
  std::vector<std::string> files;
  std::vector<std::uint64_t> readers;        ///< of each segment: that show themselves
  std::vector<std::uint64_t> entries_bytes;  ///< of each NAME.readers
};
Traces traces_of(const std::string (&names)[2]);

}  // namespace soak
