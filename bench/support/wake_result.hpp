// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "support/crowd.hpp"
#include "support/numbers.hpp"

namespace shmvideo_bench {

/// What one way of waking came to over all repetitions, in microseconds.
struct WakeResult {
  std::vector<double> latency;     ///< of every waker and frame
  std::vector<double> medians;     ///< of each repetition
  std::vector<double> waker_cost;  ///< what the call cost that wakes
  std::uint64_t missed = 0;

  /// Takes in what the sleepers noted in one repetition (0: not seen), and clears it.
  void take(SharedArray<float>& noted, std::size_t count) {
    std::vector<double> seen;
    for (std::size_t i = 0; i < count; ++i) {
      if (noted[i] > 0) seen.push_back(static_cast<double>(noted[i]));
      noted[i] = 0;
    }
    missed += count - seen.size();
    medians.push_back(median(seen));
    latency.insert(latency.end(), seen.begin(), seen.end());
  }

  double missed_percent() const noexcept {
    const double all = static_cast<double>(latency.size() + missed);
    return all > 0 ? 100 * static_cast<double>(missed) / all : 0;
  }

  /// Its medians as multiples of those of `other` in the same repetitions.
  Spread ratio_to(const WakeResult& other) const {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < medians.size(); ++i)
      if (other.medians[i] > 0) ratios.push_back(medians[i] / other.medians[i]);
    return spread_of(ratios);
  }
};

}  // namespace shmvideo_bench
