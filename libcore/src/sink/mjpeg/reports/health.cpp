// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/reports/health.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shmvideo/report.hpp"
#include "sink/mjpeg/reports/json.hpp"

namespace shmvideo::sink {
namespace {

double in_ms(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

/// Empty when nothing is wrong.
std::string complaint(const SegmentReport& report, const SegmentHealth& health, double max_age_ms) {
  if (!report.is_of_this_boot) return "its writer is of the time before the machine was started";
  if (report.state == SegmentState::dead) return "its writer died";
  if (report.state == SegmentState::closed) return "its writer has stopped";
  if (!health.age_ms) return "its writer has published no frame yet";
  if (*health.age_ms > max_age_ms)
    return fmt::format("its newest frame is {:.1f} s old", *health.age_ms / 1000);
  return {};
}

}  // namespace

SegmentHealth health_of(const Channel& channel, std::chrono::nanoseconds max_age) {
  if (channel.is_idle()) return {.is_good = true, .state = "idle", .age_ms = {}, .reason = {}};
  SegmentHealth health;
  try {
    const SegmentReport report = channel.report_segment();
    health.state = to_string(report.state);
    if (report.last_frame && report.is_of_this_boot)
      health.age_ms = static_cast<double>(report.last_frame_age_ns) / 1e6;
    health.reason = complaint(report, health, in_ms(max_age));
  } catch (const Error& error) {
    health.state = "absent";
    health.is_absent = true;
    health.reason = channel.is_private() ? channel.why_no_frames() : error.what();
  }
  health.is_good = health.reason.empty();
  return health;
}

Health health_of(std::span<const Channel* const> channels, std::chrono::nanoseconds max_age,
                 const Access& asker) {
  Health all{.is_good = !channels.empty(), .json = {}};
  Json segments = Json::array();
  Json oldest;
  // Who shows a camera need not have a segment as well: one that is not there is not missed.
  const bool has_camera = std::ranges::any_of(channels, &Channel::is_private);
  for (const Channel* channel : channels) {
    const SegmentHealth health = health_of(*channel, max_age);
    if (has_camera && health.is_absent && !channel->is_private()) continue;
    all.is_good = all.is_good && health.is_good;
    Json age_ms;
    if (health.age_ms) age_ms = rounded(*health.age_ms);
    if (health.age_ms && (oldest.is_null() || oldest < age_ms)) oldest = age_ms;
    Json segment{
        {"name", channel->name().str()}, {"ok", health.is_good}, {"state", health.state}, {"age_ms", age_ms}};
    if (!health.is_good) segment["reason"] = health.reason;
    if (asker.may_see(channel->name().str())) segments.push_back(std::move(segment));
  }
  Json json{{"ok", all.is_good},
            {"age_ms", oldest},
            {"max_age_ms", rounded(in_ms(max_age))},
            {"segments", std::move(segments)}};
  if (channels.empty()) json["detail"] = "there is no segment to serve yet";
  all.json = to_text(json, -1);
  return all;
}

}  // namespace shmvideo::sink
