// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "verdict/result.hpp"

namespace shmvideo::bench {

/// Below this part of the writer's rate a client is too slow, and the writer itself of what it was asked for.
constexpr double kRateFloor = 0.95;
/// A client that has met its writer's restart watches the directory from then on, which takes descriptors
/// once. More than these are not explained by anything.
constexpr int kDescriptorGrowthMax = 3;

struct Limits {
  std::uint64_t missed = 0;               ///< by all clients together
  std::uint64_t growth_bytes = 4U << 20;  ///< of private memory, of one process
};

struct Verdict {
  std::vector<std::string> reasons;  ///< why it is FAIL, in plain words
  bool is_pass() const { return reasons.empty(); }
  const char* word() const { return is_pass() ? "PASS" : "FAIL"; }
};

/// What is to be said of a run. Where things are broken on purpose, their consequences are no reasons:
/// with chaos, missed frames; with chaos or churn, rates; with a writer that goes as fast as it can, or
/// clients that skip to the newest frame, missed frames.
Verdict judge(const Result& result, const Limits& limits);

}  // namespace shmvideo::bench
