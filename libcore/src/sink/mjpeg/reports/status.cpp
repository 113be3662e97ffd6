// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/reports/status.hpp"

#include <utility>

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

/// What is seen of a segment now, and since when there is nothing new.
struct Seen {
  Json segment;
  Json lost;
};

Seen look_at(const Channel& channel) {
  const bool is_known = channel.loss().has_value();
  Seen seen;
  bool has_writer = false;
  try {
    const SegmentReport found = channel.report_segment();
    seen.segment = describe(found);
    seen.lost = is_known ? describe(*channel.loss()) : describe_loss(found);
    has_writer = sink::has_writer(found.state);
  } catch (const Error& error) {
    seen.segment = {{"name", channel.name().str()}, {"state", "absent"}, {"detail", error.what()}};
    // Who watched it knows since when, though the segment is not there to tell.
    seen.lost = is_known ? describe(*channel.loss()) : Json{{"since", nullptr}, {"reason", error.what()}};
  }
  if (const auto command = channel.start_command(); !has_writer && !command.empty())
    seen.segment["start_command"] = command;
  return seen;
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

Json describe_served(const Channel& channel) {
  auto [served, lost] = look_at(channel);
  served["active_streams"] = channel.streams(monotonic_ns()).count;
  served["lost"] = std::move(lost);
  return served;
}

/// Those that the sender of the request may know of.
Json describe_all(const Channels& channels, const Request& request) {
  Json all = Json::array();
  for (const auto& channel : channels.all())
    if (!channel->is_private() && request.access.may_see(channel->name().str()))
      all.push_back(describe_served(*channel));
  return all;
}

Json describe(const Limits& limits) { return {limits.low, limits.high}; }

Json describe_server(const Serving& serving) {
  return {{"version", version()},
          {"encoder_threads", serving.encoder_threads},
          {"now", static_cast<double>(realtime_ns() / 1000) / 1e6}};
}

}  // namespace

std::string status_json(const Channel& channel, const Serving& serving, const Request& request) {
  const ServingDefaults& defaults = serving.defaults;
  const Json json{
      {"streaming", describe_streaming(channel, serving)},
      {"clients", describe_clients(channel, request.access)},
      {"segment", look_at(channel).segment},
      {"segments", describe_all(serving.channels, request)},
      {"named", !request.segment.empty()},
      {"defaults", {{"quality", defaults.quality}, {"fps", defaults.fps}}},
      {"limits", {{"quality", describe(defaults.quality_limits)}, {"fps", describe(defaults.fps_limits)}}},
      {"server", describe_server(serving)}};
  return to_text(json, 2);
}

}  // namespace shmvideo::sink
