// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/reports/status.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "segment/clock.hpp"
#include "shmvideo/pixel_format.hpp"
#include "shmvideo/report.hpp"
#include "shmvideo/version.hpp"

namespace shmvideo::sink {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value) { return std::round(value * 100) / 100; }

Json describe(const SegmentReport& report) {
  // The frame's own format and size, if there is one: they may differ from what was announced.
  const std::uint32_t fourcc = report.last_frame ? report.last_frame->fourcc : report.stream.fourcc;
  const auto format = pixel_format_from_fourcc(fourcc);
  Json segment{{"name", report.name},
               {"state", to_string(report.state)},
               {"source_state", to_string(report.source_state)},
               {"generation", report.generation},
               {"format", format ? Json(info_of(*format).name) : Json(nullptr)},
               {"width", report.last_frame ? report.last_frame->width : report.stream.width},
               {"height", report.last_frame ? report.last_frame->height : report.stream.height},
               {"fps", rounded(report.fps)},
               {"published", report.published},
               {"last_frame", nullptr}};
  if (report.last_frame) {
    // Before the machine was started last there was another clock: what it says is of no age now.
    const Json age_ms =
        report.is_of_this_boot ? Json(rounded(static_cast<double>(report.last_frame_age_ns) / 1e6)) : Json();
    segment["last_frame"] = {{"number", report.last_frame->number}, {"age_ms", age_ms}};
  }
  return segment;
}

Json describe_segment(const Channel& channel) {
  Json segment;
  bool has_writer = false;
  try {
    const SegmentReport found = channel.report_segment();
    segment = describe(found);
    has_writer = found.state == SegmentState::live || found.state == SegmentState::stalled;
  } catch (const Error& error) {
    segment = {{"name", channel.name().str()}, {"state", "absent"}, {"detail", error.what()}};
  }
  if (!has_writer) segment["start_command"] = channel.start_command();
  return segment;
}

Json describe_streaming(const Channel& channel, const Serving& serving) {
  const std::uint64_t now = monotonic_ns();
  double rates = 0;
  unsigned streams = 0;
  for (const Viewer* viewer : channel.viewers()) {
    if (!viewer->is_stream()) continue;
    ++streams;
    rates += viewer->rate(now);
  }
  const ServingCounters& counters = channel.counters();
  return {{"active_streams", streams},
          {"total_frames_served", counters.frames_served},
          {"avg_fps", rounded(streams > 0 ? rates / streams : 0.0)},
          {"uptime", rounded(static_cast<double>(age_ns(now, serving.started_ns)) / 1e9)},
          {"snapshots_served", counters.snapshots_served},
          {"bytes_sent", counters.bytes_sent},
          {"encodes", counters.encodes},
          {"copies", counters.copies},
          {"revoked", counters.revoked},
          {"failed", counters.failed}};
}

}  // namespace

std::string status_json(const Channel& channel, const Serving& serving) {
  const Json json{{"streaming", describe_streaming(channel, serving)},
                  {"segment", describe_segment(channel)},
                  {"server", {{"version", version()}, {"encoder_threads", serving.encoder_threads}}}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace shmvideo::sink
