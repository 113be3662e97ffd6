// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "shmvideo/report.hpp"

namespace shmvideo::inspect {

/// What one stage of a writer costs a frame.
struct StageFigures {
  const char* name = "";
  StageReport times;
  double mean_ns = 0;
  double p50_ns = 0;  ///< these three about, see StageReport::quantile_ns()
  double p90_ns = 0;
  double p99_ns = 0;
  /// The mean as a part of the time that a frame has at the present rate, if there is one.
  std::optional<double> share;
  bool is_measured() const noexcept { return times.frames > 0; }
};

/// All stages, in the order in which a frame goes through them.
std::array<StageFigures, SHMV_STAGES> stage_figures(const SegmentReport& report);

/// The time that a frame has at the present rate; nothing without one.
std::optional<double> frame_time_ns(const SegmentReport& report);

}  // namespace shmvideo::inspect
