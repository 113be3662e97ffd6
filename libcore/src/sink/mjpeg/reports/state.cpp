// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/reports/state.hpp"

#include <optional>

#include "segment/clock.hpp"
#include "shmvideo/pixel_format.hpp"
#include "shmvideo/report.hpp"
#include "sink/mjpeg/reports/json.hpp"
#include "sink/mjpeg/viewers/stream_cookie.hpp"

namespace shmvideo::sink {
namespace {

/// Rates are whole numbers there.
long whole(double value) { return std::lround(value); }

std::optional<SegmentReport> look_at(const Channel& channel) {
  try {
    return channel.report_segment();
  } catch (const Error&) {
    return std::nullopt;
  }
}

Json describe_source(const std::optional<SegmentReport>& report) {
  Json source{{"resolution", {{"width", 0}, {"height", 0}}},
              {"online", false},
              {"desired_fps", 0},
              {"captured_fps", 0}};
  if (!report) return source;
  const bool has_frame = report->last_frame.has_value();
  source["resolution"] = {{"width", has_frame ? report->last_frame->width : report->stream.width},
                          {"height", has_frame ? report->last_frame->height : report->stream.height}};
  const bool is_online = report->state == SegmentState::live && report->source_state == SourceState::ok;
  source["online"] = is_online;
  const StreamInfo& stream = report->stream;
  if (stream.fps_denominator > 0)
    source["desired_fps"] = whole(static_cast<double>(stream.fps_numerator) / stream.fps_denominator);
  // The rate of the frames that are there stays what it was when none come any more.
  if (is_online) source["captured_fps"] = whole(report->fps);
  return source;
}

Json describe_client(const ViewerFacts& facts) {
  return {{"fps", whole(facts.fps)},
          {"extra_headers", facts.extra_headers},
          {"advance_headers", facts.advance_headers},
          {"dual_final_frames", facts.dual_final_frames},
          {"zero_data", facts.zero_data},
          {"key", facts.key}};
}

Json describe_stream(const Channel& channel) {
  const std::uint64_t now = monotonic_ns();
  Json clients = Json::object();
  for (const Viewer* viewer : channel.viewers()) {
    if (!viewer->is_stream()) continue;
    const ViewerFacts facts = viewer->facts(now);
    clients[viewer_id_text(facts.id)] = describe_client(facts);
  }
  const auto count = clients.size();
  return {{"queued_fps", whole(channel.frames_per_second(now))},
          {"clients", count},
          {"clients_stat", std::move(clients)}};
}

}  // namespace

std::string state_json(const Channel& channel, const Serving& serving) {
  const auto report = look_at(channel);
  const auto format = report ? pixel_format_from_fourcc(report->last_frame ? report->last_frame->fourcc
                                                                           : report->stream.fourcc)
                             : std::nullopt;
  const bool is_jpeg = format == PixelFormat::jpeg;
  const char* sink = is_jpeg ? "jpeg" : format == PixelFormat::h264 ? "h264" : "raw";
  // Theirs is a sink in shared memory; ours is the segment, and whoever shows himself as its reader has it.
  const bool has_clients = report && !report->readers.empty();
  const Json json{{"ok", true},
                  {"result",
                   {{"instance_id", channel.name().str()},
                    // "HW" is theirs for pictures that the camera has encoded.
                    {"encoder", {{"type", is_jpeg ? "HW" : "CPU"}, {"quality", serving.defaults.quality}}},
                    {"sinks", {{sink, {{"has_clients", has_clients}}}}},
                    {"source", describe_source(report)},
                    {"stream", describe_stream(channel)}}}};
  return to_text(json, 2);
}

}  // namespace shmvideo::sink
