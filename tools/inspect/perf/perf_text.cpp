// SPDX-License-Identifier: Apache-2.0
#include "perf/perf_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "perf/stage_figures.hpp"
#include "report/wording.hpp"

namespace shmvideo::inspect {
namespace {

using AllStages = std::array<StageFigures, SHMV_STAGES>;

constexpr std::size_t kBarColumns = 15;
constexpr std::size_t kStageColumns = 22;
constexpr const char* kBlock = "█";
constexpr const char* kSliver = "▏";

std::string time_text(double ns) {
  static constexpr const char* kUnits[] = {"ns", "us", "ms", "s"};
  std::size_t unit = 0;
  for (; ns >= 999.5 && unit + 1 < std::size(kUnits); ++unit) ns /= 1e3;
  return fmt::format("{:.{}f} {}", ns, ns < 99.95 && unit > 0 ? 1 : 0, kUnits[unit]);
}

std::string share_text(const std::optional<double>& share) {
  if (!share) return "-";
  return fmt::format("{:.{}f}%", *share * 100, *share < 0.0995 ? 1 : 0);
}

std::string head_text(const SegmentReport& report) {
  std::string text =
      fmt::format("{}, {}: {}", report.name, to_string(report.state), shape_text(shape_of(report)));
  if (const auto frame_time = frame_time_ns(report)) {
    text += fmt::format(", {:.1f} frames a second, {} for each", report.fps, time_text(*frame_time));
  }
  return text + "\n";
}

std::string table_text(const AllStages& stages) {
  constexpr const char* kRow = "{:<9}{:>11}{:>10}{:>10}{:>10}{:>10}{:>10}{:>9}\n";
  std::string text = fmt::format(kRow, "STAGE", "FRAMES", "MEAN", "P50", "P90", "P99", "LONGEST", "SHARE");
  for (const StageFigures& stage : stages) {
    if (!stage.is_measured()) {
      text += fmt::format("{:<9}{:>11}\n", stage.name, "not measured");
      continue;
    }
    text += fmt::format(kRow, stage.name, stage.times.frames, time_text(stage.mean_ns),
                        time_text(stage.p50_ns), time_text(stage.p90_ns), time_text(stage.p99_ns),
                        time_text(static_cast<double>(stage.times.max_ns)), share_text(stage.share));
  }
  return text;
}

/// As wide as a stage's column.
std::string bar(const StageFigures& stage, std::size_t octave) {
  const std::uint64_t frames = stage.times.buckets[octave];
  if (frames == 0) return std::string(kStageColumns, ' ');
  const double share = static_cast<double>(frames) / static_cast<double>(stage.times.frames);
  const auto blocks = static_cast<std::size_t>(std::lround(share * kBarColumns));
  std::string text;
  for (std::size_t i = 0; i < blocks; ++i) text += kBlock;
  if (blocks == 0) text = kSliver;
  const std::string percent = share < 0.01 ? " <1%" : fmt::format(" {:.0f}%", share * 100);
  const std::size_t columns = std::max<std::size_t>(blocks, 1) + percent.size();
  return text + percent + std::string(kStageColumns - columns, ' ');
}

std::string octave_text(std::size_t octave) {
  const bool has_bound = octave + 1 < SHMV_STAGE_BUCKETS;
  if (has_bound) return "to " + time_text(static_cast<double>(stage_bound_ns(octave)));
  return "over " + time_text(static_cast<double>(stage_bound_ns(octave - 1)));
}

void trim(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

/// A row for each octave from the first to the last that has frames, a column for each stage.
std::string spread_text(const AllStages& stages) {
  const auto has_frames = [&](std::size_t octave) {
    return std::any_of(stages.begin(), stages.end(),
                       [&](const StageFigures& stage) { return stage.times.buckets[octave] > 0; });
  };
  std::size_t first = 0;
  std::size_t end = SHMV_STAGE_BUCKETS;
  while (first < end && !has_frames(first)) ++first;
  while (end > first && !has_frames(end - 1)) --end;
  std::string text = fmt::format("{:<13}", "TIME");
  for (const StageFigures& stage : stages) text += fmt::format("{:<{}}", stage.name, kStageColumns);
  trim(text);
  text += "\n";
  for (std::size_t octave = first; octave < end; ++octave) {
    std::string line = fmt::format("{:<13}", octave_text(octave));
    for (const StageFigures& stage : stages) line += bar(stage, octave);
    trim(line);
    text += line + "\n";
  }
  return text;
}

}  // namespace

std::string perf_text(const SegmentReport& report) {
  const AllStages stages = stage_figures(report);
  std::string text = head_text(report) + "\n" + table_text(stages);
  const bool is_measured = std::any_of(stages.begin(), stages.end(),
                                       [](const StageFigures& stage) { return stage.is_measured(); });
  if (!is_measured) return text + "\nIts writer measured nothing, or has published nothing yet.\n";
  return text + "\n" + spread_text(stages) +
         "\nPercentiles are true to a factor of two: times are counted by octaves.\n"
         "SHARE is what the mean takes of a frame's time at the present rate.\n";
}

}  // namespace shmvideo::inspect
