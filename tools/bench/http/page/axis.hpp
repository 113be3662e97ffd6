// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace shmvideo::bench::http {

/// Values on a line of pixels: from `low` at `low_px` to `high` at `high_px`, both of which are moved
/// outwards to round numbers where that is wanted.
class Axis {
 public:
  struct Range {
    double low = 0;
    double high = 0;
  };
  /// A logarithmic one needs a range above 0.
  Axis(Range values, bool is_log, bool is_rounded, double low_px, double high_px);

  double at(double value) const;
  /// Round numbers, about `count` of them.
  std::vector<double> ticks(int count) const;

 private:
  double low_;
  double high_;
  bool is_log_;
  double low_px_;
  double high_px_;
};

}  // namespace shmvideo::bench::http
