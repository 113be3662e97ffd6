// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/reports/status.hpp"

#include "segment/clock.hpp"
#include "shmvideo/pixel_format.hpp"
#include "shmvideo/report.hpp"
#include "shmvideo/version.hpp"
#include "sink/live_writer.hpp"
#include "sink/mjpeg/reports/clients.hpp"
#include "sink/mjpeg/reports/json.hpp"

namespace shmvideo::sink {
namespace {

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
    has_writer = sink::has_writer(found.state);
  } catch (const Error& error) {
    segment = {{"name", channel.name().str()}, {"state", "absent"}, {"detail", error.what()}};
  }
  if (const auto command = channel.start_command(); !has_writer && !command.empty())
    segment["start_command"] = command;
  return segment;
}

Json describe_streaming(const Channel& channel, const Serving& serving) {
  const std::uint64_t now = monotonic_ns();
  const auto [streams, fps] = channel.streams(now);
  const ServingCounters& counters = channel.counters();
  return {{"active_streams", streams},
          {"total_frames_served", counters.frames_served},
          {"avg_fps", rounded(streams > 0 ? fps / streams : 0.0)},
          {"uptime", rounded(static_cast<double>(age_ns(now, serving.started_ns)) / 1e9)},
          {"snapshots_served", counters.snapshots_served},
          {"raw_frames_served", counters.raw_frames_served},
          {"bytes_sent", counters.bytes_sent},
          {"frames_received", counters.frames_received},
          {"encodes", counters.encodes},
          {"copies", counters.copies},
          {"cache_hits", counters.cache_hits},
          {"revoked", counters.revoked},
          {"failed", counters.failed},
          {"skipped",
           {{"not_due", counters.skipped_not_due},
            {"slow", counters.skipped_slow},
            {"processor", counters.skipped_processor},
            {"late", counters.skipped_late}}}};
}

Json describe(const Loss& loss) {
  return {{"since", rounded(static_cast<double>(loss.since_realtime_ns) / 1e9)}, {"reason", loss.reason}};
}

/// Since when there is nothing new, and why; null while all is well. For segments that nobody watches.
Json describe_loss(const SegmentReport& report) {
  const auto since = [&](std::uint64_t age_ns) {
    return rounded(static_cast<double>(realtime_ns() - age_ns) / 1e9);
  };
  const Json last_frame =
      report.last_frame && report.is_of_this_boot ? Json(since(report.last_frame_age_ns)) : Json();
  if (report.state == SegmentState::dead) return {{"since", last_frame}, {"reason", "its writer died"}};
  if (report.state == SegmentState::closed)
    return {{"since", last_frame}, {"reason", "its writer has stopped"}};
  if (report.source_state == SourceState::reconnecting)
    return {{"since", since(report.source_state_age_ns)}, {"reason", "its writer looks for the source"}};
  if (report.source_state == SourceState::ended)
    return {{"since", since(report.source_state_age_ns)}, {"reason", "its source has come to its end"}};
  if (report.state == SegmentState::stalled)
    return {{"since", last_frame}, {"reason", "its writer lives but publishes nothing"}};
  return {};
}

Json describe_served(const Channel& channel) {
  Json served{{"name", channel.name().str()},
              {"state", "absent"},
              {"active_streams", channel.streams(monotonic_ns()).count},
              {"lost", nullptr}};
  try {
    const SegmentReport report = channel.report_segment();
    served["state"] = to_string(report.state);
    served["lost"] = channel.loss() ? describe(*channel.loss()) : describe_loss(report);
  } catch (const Error& error) {
    served["lost"] = {{"since", nullptr}, {"reason", error.what()}};
  }
  return served;
}

Json describe_all(const Channels& channels) {
  Json all = Json::array();
  for (const auto& channel : channels.all())
    if (!channel->is_private()) all.push_back(describe_served(*channel));
  return all;
}

}  // namespace

std::string status_json(const Channel& channel, const Serving& serving) {
  const Json json{{"streaming", describe_streaming(channel, serving)},
                  {"clients", describe_clients(channel)},
                  {"segment", describe_segment(channel)},
                  {"segments", describe_all(serving.channels)},
                  {"server", {{"version", version()}, {"encoder_threads", serving.encoder_threads}}}};
  return to_text(json, 2);
}

}  // namespace shmvideo::sink
