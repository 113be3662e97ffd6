// SPDX-License-Identifier: Apache-2.0
#include "http/thread_time.hpp"

#include <time.h>

#include <fstream>

#include "ledger/clock.hpp"

namespace shmvideo::bench::http {

ThreadTime thread_time() {
  ThreadTime time;
  timespec cpu{};
  if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu) == 0) {
    time.cpu_ns = static_cast<std::uint64_t>(cpu.tv_sec) * kSecond + static_cast<std::uint64_t>(cpu.tv_nsec);
  }
  std::ifstream in("/proc/thread-self/schedstat");  // time on a processor, time waiting for one, turns
  std::uint64_t ran = 0;
  if (!(in >> ran >> time.waited_ns)) time.waited_ns = 0;
  return time;
}

}  // namespace shmvideo::bench::http
