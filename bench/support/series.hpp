// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "support/numbers.hpp"

namespace shmvideo_bench {

/// Measured times over all repetitions, and what each repetition came to by itself.
struct Series {
  std::vector<double> all;
  std::vector<double> medians;
  std::vector<double> tails;  ///< the 99th percentiles

  /// Takes in one repetition.
  void add(const std::vector<double>& values) {
    const Summary summary = summarise(values);
    medians.push_back(summary.p50);
    tails.push_back(summary.p99);
    all.insert(all.end(), values.begin(), values.end());
  }
  /// Its medians as multiples of those of `other` in the same repetitions; likewise its tails.
  Spread ratio_to(const Series& other) const { return ratio(medians, other.medians); }
  Spread tail_ratio_to(const Series& other) const { return ratio(tails, other.tails); }

 private:
  static Spread ratio(const std::vector<double>& ours, const std::vector<double>& theirs) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i)
      if (theirs[i] > 0) ratios.push_back(ours[i] / theirs[i]);
    return spread_of(ratios);
  }
};

}  // namespace shmvideo_bench
