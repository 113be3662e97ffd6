// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "http/address.hpp"
#include "http/target.hpp"

namespace shmvideo::bench::http {

/// How a client reads: as fast as it can, so many bytes a second, or the head of the answer and then nothing.
enum class Kind : std::uint8_t { fast, slow, stalled };
constexpr const char* word_of(Kind kind) noexcept {
  return kind == Kind::fast ? "fast" : kind == Kind::slow ? "slow" : "stalled";
}

/// What is to be done.
struct Plan {
  Target target;
  Address address;
  std::uint32_t fast = 0;
  std::uint32_t slow = 0;
  std::uint32_t stalled = 0;
  std::uint64_t slow_rate = 0;  ///< bytes a second, of each slow client
  std::chrono::nanoseconds warmup{0};
  std::chrono::nanoseconds duration{0};
  std::chrono::nanoseconds timeout{0};  ///< for a connection, and for the head of an answer
  double wanted_fps = 0;                ///< 0: not told
};

}  // namespace shmvideo::bench::http
