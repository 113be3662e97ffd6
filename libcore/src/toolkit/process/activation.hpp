// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "segment/unique_fd.hpp"

namespace shmvideo::toolkit {

/// A descriptor that whoever started us had opened for us.
struct PassedDescriptor {
  UniqueFd fd;       ///< closed on exec()
  std::string name;  ///< as FileDescriptorName= has it; "unknown" where nobody said
};

/// Takes what a service manager passed on (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES), and
/// takes these variables out of the environment, so that no child believes they are for it. Empty when
/// nothing was passed to this process. Before there are other threads, and once: from then on nothing is
/// there. Throws Error(invalid_argument) where the variables make no sense.
std::vector<PassedDescriptor> take_passed_descriptors();

}  // namespace shmvideo::toolkit
