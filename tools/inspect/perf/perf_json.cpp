// SPDX-License-Identifier: Apache-2.0
#include "perf/perf_json.hpp"

#include <cmath>

#include "perf/stage_figures.hpp"

namespace shmvideo::inspect {
namespace {

using toolkit::Json;

/// Three decimals are what is worth telling.
double rounded(double value) { return std::round(value * 1e3) / 1e3; }
double microseconds(double ns) { return rounded(ns / 1e3); }

/// Only those that have frames; the last octave has no bound.
Json octaves(const StageReport& times) {
  Json list = Json::array();
  for (std::size_t i = 0; i < times.buckets.size(); ++i) {
    if (times.buckets[i] == 0) continue;
    const bool has_bound = i + 1 < times.buckets.size();
    list.push_back(
        {{"up_to_us", has_bound ? Json(static_cast<double>(stage_bound_ns(i)) / 1e3) : Json(nullptr)},
         {"frames", times.buckets[i]}});
  }
  return list;
}

Json stage_json(const StageFigures& stage) {
  if (!stage.is_measured()) return nullptr;
  return {{"frames", stage.times.frames},
          {"mean_us", microseconds(stage.mean_ns)},
          {"p50_us", microseconds(stage.p50_ns)},
          {"p90_us", microseconds(stage.p90_ns)},
          {"p99_us", microseconds(stage.p99_ns)},
          {"max_us", microseconds(static_cast<double>(stage.times.max_ns))},
          {"total_ms", rounded(static_cast<double>(stage.times.sum_ns) / 1e6)},
          {"share", stage.share ? Json(std::round(*stage.share * 1e6) / 1e6) : Json(nullptr)},
          {"octaves", octaves(stage.times)}};
}

}  // namespace

Json stages_json(const SegmentReport& report) {
  Json stages = Json::object();
  for (const StageFigures& stage : stage_figures(report)) stages[stage.name] = stage_json(stage);
  return stages;
}

Json perf_json(const SegmentReport& report) {
  const auto frame_time = frame_time_ns(report);
  return {{"name", report.name},
          {"state", to_string(report.state)},
          {"published", report.published},
          {"fps", rounded(report.fps)},
          {"frame_time_ms", frame_time ? Json(rounded(*frame_time / 1e6)) : Json(nullptr)},
          {"stages", stages_json(report)}};
}

}  // namespace shmvideo::inspect
