// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <time.h>

#include <cstdint>

namespace shmvideo {

inline std::uint64_t clock_ns(clockid_t clock) noexcept {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}
inline std::uint64_t monotonic_ns() noexcept { return clock_ns(CLOCK_MONOTONIC); }
inline std::uint64_t realtime_ns() noexcept { return clock_ns(CLOCK_REALTIME); }

/// Time from `then` to `now`; 0 for a time in the future, which another process may well claim.
inline std::uint64_t age_ns(std::uint64_t now, std::uint64_t then) noexcept {
  return now > then ? now - then : 0;
}

}  // namespace shmvideo
