// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string>

#include "ledger.hpp"

namespace soak {

/// What a process that the supervisor started has to know; passed as the arguments after its role.
struct Duty {
  std::string names[2];  ///< of the segments
  std::uint64_t frame_bytes = 0;
  double rate = 0;
  std::uint64_t visit_frames = 0;
  std::uint32_t which = 0;  ///< the segment of a writer or a resident
  std::uint64_t seed = 0;
  Ledger* ledger = nullptr;
};

/// Every segment begins, and is measured, with frames of this size.
inline std::uint64_t first_size(const Duty& duty) { return duty.frame_bytes / 2 / 8 * 8; }
inline constexpr std::uint32_t kFirstSlots = 4;

using Chance = std::mt19937_64;
inline std::uint64_t between(Chance& chance, std::uint64_t low, std::uint64_t high) {
  return std::uniform_int_distribution<std::uint64_t>(low, high)(chance);
}

/// Each runs until the ledger says that it is the end (a visitor: until it has had enough), and returns the
/// exit status of the process.
int run_writer(const Duty& duty, bool is_first);
int run_resident(const Duty& duty);  ///< one reader of one segment, for ever
int run_regular(const Duty& duty);   ///< comes and goes for ever, in one process
int run_visitor(const Duty& duty);   ///< comes and goes some times

}  // namespace soak
