// SPDX-License-Identifier: Apache-2.0
#include "report/report_json.hpp"

#include <fmt/chrono.h>

#include <cmath>

#include "perf/perf_json.hpp"
#include "report/wording.hpp"

namespace shmvideo::inspect {
namespace {

using toolkit::Json;

/// Three decimals are what is worth telling.
double rounded(double value) { return std::round(value * 1e3) / 1e3; }
double milliseconds(std::uint64_t ns) { return rounded(static_cast<double>(ns) / 1e6); }

std::string utc_time(std::uint64_t realtime_ns) {
  const auto seconds = static_cast<std::time_t>(realtime_ns / 1'000'000'000);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), realtime_ns / 1'000'000 % 1000);
}

/// Null for a segment of an earlier boot: its times are of a clock that is gone.
Json age_ms(const SegmentReport& report, std::uint64_t age_ns) {
  return report.is_of_this_boot ? Json(milliseconds(age_ns)) : Json(nullptr);
}

Json dropped_by_cause(const SegmentReport& report) {
  Json causes = Json::object();
  for (std::uint32_t cause = 0; cause < SHMV_DROP_CAUSES; ++cause) {
    const char* word = to_string(static_cast<DropCause>(cause));
    if (word) causes[word] = report.dropped[cause];
  }
  return causes;
}

Json last_frame(const SegmentReport& report) {
  if (!report.last_frame) return nullptr;
  const FrameInfo& frame = *report.last_frame;
  return {{"number", frame.number},       {"age_ms", age_ms(report, report.last_frame_age_ns)},
          {"bytes", frame.payload_bytes}, {"format", format_name(frame.fourcc)},
          {"width", frame.width},         {"height", frame.height},
          {"key", frame.is_key()},        {"capture_time", utc_time(frame.capture_realtime_ns)}};
}

Json readers(const SegmentReport& report) {
  Json list = Json::array();
  for (const ReaderReport& reader : report.readers) {
    list.push_back({{"pid", reader.pid},
                    {"program", reader.program},
                    {"grade", to_string(reader.grade)},
                    {"seen", reader.seen},
                    {"missed", reader.missed},
                    {"held", reader.held},
                    {"last_number", reader.last_number},
                    {"updated_age_ms", milliseconds(reader.updated_age_ns)}});
  }
  return list;
}

}  // namespace

Json to_json(const SegmentReport& report) {
  const Shape shape = shape_of(report);
  const StreamInfo& stream = report.stream;
  const double nominal =
      stream.fps_numerator ? static_cast<double>(stream.fps_numerator) / stream.fps_denominator : 0;
  return {{"name", report.name},
          {"path", report.path.string()},
          {"state", to_string(report.state)},
          {"source_state", to_string(report.source_state)},
          {"source_state_age_ms", age_ms(report, report.source_state_age_ns)},
          {"source", report.source},
          {"generation", report.generation},
          {"stream_uuid", report.stream_uuid},
          {"abi", fmt::format("{}.{}", report.abi_major, report.abi_minor)},
          {"kind", stream.kind == SHMV_KIND_CODED ? "coded" : "raw"},
          {"format", format_name(shape.fourcc)},
          {"width", shape.width},
          {"height", shape.height},
          {"fps", rounded(report.fps)},
          {"nominal_fps", rounded(nominal)},
          {"slots", report.slot_count},
          {"slot_capacity_bytes", report.slot_capacity_bytes},
          {"file_bytes", report.file_bytes},
          {"mode", fmt::format("{:04o}", report.mode)},
          {"owner", {{"uid", report.owner_uid}, {"gid", report.owner_gid}}},
          {"created", utc_time(report.created_realtime_ns)},
          {"age_ms", age_ms(report, report.age_ns)},
          {"published", report.published},
          {"dropped", report.dropped_total},
          {"dropped_by_cause", dropped_by_cause(report)},
          {"revoked", report.revoked},
          {"source_reopened", report.source_reopened},
          {"stages", stages_json(report)},
          {"latest_key", report.latest_key},
          {"extradata_bytes", report.extradata_bytes},
          {"last_frame", last_frame(report)},
          {"writer",
           {{"pid", report.writer_pid},
            {"uid", report.writer_uid},
            {"program", report.program},
            {"heartbeat_age_ms", age_ms(report, report.heartbeat_age_ns)},
            {"progress_age_ms", age_ms(report, report.progress_age_ns)},
            {"sleepers_woken", report.sleepers_woken}}},
          {"readers", readers(report)}};
}

Json to_json(const FoundSegment& found, const Error& error) {
  return {{"name", found.name.str()},
          {"path", found.path.string()},
          {"state", "unreadable"},
          {"error", {{"code", to_string(error.code())}, {"message", error.what()}}}};
}

}  // namespace shmvideo::inspect
