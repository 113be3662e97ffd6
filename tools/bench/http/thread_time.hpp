// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo::bench::http {

/// What the calling thread used of the processor so far, and how long it waited for one although it had
/// something to do (0 where the kernel does not tell).
struct ThreadTime {
  std::uint64_t cpu_ns = 0;
  std::uint64_t waited_ns = 0;
};
ThreadTime thread_time();

}  // namespace shmvideo::bench::http
