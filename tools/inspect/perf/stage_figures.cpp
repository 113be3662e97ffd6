// SPDX-License-Identifier: Apache-2.0
#include "perf/stage_figures.hpp"

#include <algorithm>

namespace shmvideo::inspect {

std::optional<double> frame_time_ns(const SegmentReport& report) {
  return report.fps > 0 ? std::optional(1e9 / report.fps) : std::nullopt;
}

std::array<StageFigures, SHMV_STAGES> stage_figures(const SegmentReport& report) {
  const auto frame_time = frame_time_ns(report);
  std::array<StageFigures, SHMV_STAGES> all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    StageFigures& stage = all[i];
    stage.name = to_string(static_cast<Stage>(i));
    stage.times = report.stages[i];
    if (!stage.is_measured()) continue;
    stage.mean_ns = static_cast<double>(stage.times.sum_ns) / static_cast<double>(stage.times.frames);
    stage.p50_ns = stage.times.quantile_ns(0.5);
    stage.p90_ns = stage.times.quantile_ns(0.9);
    stage.p99_ns = stage.times.quantile_ns(0.99);
    if (frame_time) stage.share = stage.mean_ns / *frame_time;
  }
  return all;
}

}  // namespace shmvideo::inspect
