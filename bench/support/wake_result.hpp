// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "support/crowd.hpp"
#include "support/series.hpp"

namespace shmvideo_bench {

/// What one way of waking came to, in microseconds.
struct WakeResult {
  Series latency;     ///< of every waker and frame
  Series waker_cost;  ///< what the call cost that wakes
  std::uint64_t missed = 0;

  /// Takes in what the sleepers noted in one repetition (0: not seen), and clears it.
  void take(SharedArray<float>& noted, std::size_t count) {
    std::vector<double> seen;
    for (std::size_t i = 0; i < count; ++i) {
      if (noted[i] > 0) seen.push_back(static_cast<double>(noted[i]));
      noted[i] = 0;
    }
    missed += count - seen.size();
    latency.add(seen);
  }

  double missed_percent() const noexcept {
    const double total = static_cast<double>(latency.all.size() + missed);
    return total > 0 ? 100 * static_cast<double>(missed) / total : 0;
  }
};

}  // namespace shmvideo_bench
