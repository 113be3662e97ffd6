// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/description/schemas.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "shmvideo/report.hpp"
#include "shmvideo/version.hpp"

namespace shmvideo::sink {
namespace {

Json of_type(const char* type, std::string_view what) {
  Json schema{{"type", type}};
  if (!what.empty()) schema["description"] = what;
  return schema;
}

Json text(std::string_view what = {}) { return of_type("string", what); }
Json truth(std::string_view what = {}) { return of_type("boolean", what); }
Json number(std::string_view what = {}) { return of_type("number", what); }

/// All of ours are of what there is none less of than 0.
Json count(std::string_view what = {}) {
  Json schema = of_type("integer", what);
  schema["minimum"] = 0;
  return schema;
}

Json one_of(std::initializer_list<const char*> words, std::string_view what = {}) {
  Json schema = text(what);
  schema["enum"] = Json(words);
  return schema;
}

Json or_null(Json schema) {
  schema["nullable"] = true;
  return schema;
}

Json list_of(Json item, std::string_view what = {}) {
  Json schema = of_type("array", what);
  schema["items"] = std::move(item);
  return schema;
}

Json map_of(Json value, std::string_view what = {}) {
  Json schema = of_type("object", what);
  schema["additionalProperties"] = std::move(value);
  return schema;
}

/// A member whose name ends in a question mark need not be there.
Json object(std::initializer_list<std::pair<std::string_view, Json>> members) {
  Json schema{{"type", "object"}, {"required", Json::array()}, {"properties", Json::object()}};
  for (const auto& [name, member] : members) {
    const bool is_optional = name.ends_with('?');
    const std::string key(name.substr(0, name.size() - (is_optional ? 1 : 0)));
    schema["properties"][key] = member;
    if (!is_optional) schema["required"].push_back(key);
  }
  return schema;
}

Json segment_state() {
  return one_of({to_string(SegmentState::live), to_string(SegmentState::stalled),
                 to_string(SegmentState::closed), to_string(SegmentState::dead), "absent"});
}

Json source_state() {
  return one_of(
      {to_string(SourceState::ok), to_string(SourceState::reconnecting), to_string(SourceState::ended)});
}

Json describe_streaming() {
  return object(
      {{"active_streams", count()},
       {"total_frames_served", count()},
       {"avg_fps", number("Of an open stream, over the last seconds.")},
       {"uptime", number("Seconds.")},
       {"snapshots_served", count()},
       {"raw_frames_served", count()},
       {"bytes_sent", count()},
       {"frames_received", count()},
       {"encodes", count()},
       {"copies", count("JPEG frames taken as they are.")},
       {"cache_hits", count("Pictures that somebody else had been given before.")},
       {"revoked", count()},
       {"failed", count()},
       {"skipped",
        object({{"not_due", count()}, {"slow", count()}, {"processor", count()}, {"late", count()}})}});
}

Json describe_client() {
  return object({{"id", text()},
                 {"peer", text("Address and port.")},
                 {"key", text()},
                 {"agent", text()},
                 {"since", number("Seconds since 1970.")},
                 {"quality", count()},
                 {"width", count("0: the frame's.")},
                 {"height", count("0: the frame's.")},
                 {"fps_limit", number()},
                 {"fps", number()},
                 {"bytes_per_second", count()},
                 {"frames", count()},
                 {"skipped", count()},
                 {"bytes", count()},
                 {"lag_ms", number("From the capture of the last picture to when it was sent.")},
                 {"queued_bytes", count("Still with the kernel.")},
                 {"reason", or_null(text("Why it gets less than it asked for."))}});
}

Json segment() {
  const Json last_frame = object({{"number", count()}, {"age_ms", or_null(number())}});
  return object({{"name", text()},
                 {"state", segment_state()},
                 {"source_state?", source_state()},
                 {"generation?", count()},
                 {"format?", or_null(text())},
                 {"width?", count()},
                 {"height?", count()},
                 {"fps?", number()},
                 {"published?", count()},
                 {"last_frame?", or_null(last_frame)},
                 {"detail?", text("Why it cannot be read.")},
                 {"start_command?", text("What would bring a writer.")}});
}

/// A segment, and how it is served.
Json served_segment() {
  const Json lost = object({{"since", or_null(number("Seconds since 1970."))}, {"reason", text()}});
  Json schema = segment();
  const Json more = object({{"active_streams", count()}, {"lost", or_null(lost)}});
  schema["properties"].update(more["properties"]);
  for (const Json& name : more["required"]) schema["required"].push_back(name);
  return schema;
}

/// The least and the most.
Json limits() {
  Json schema = list_of(count());
  schema["minItems"] = schema["maxItems"] = 2;
  return schema;
}

Json describe_status() {
  const Json server = object(
      {{"version", text()}, {"encoder_threads", count()}, {"now", number("Its clock: seconds since 1970.")}});
  return object({{"streaming", describe_streaming()},
                 {"clients", list_of(describe_client(), "The open streams.")},
                 {"segment", segment()},
                 {"segments", list_of(served_segment(), "All that are served.")},
                 {"named", truth("Whether the path named the segment.")},
                 {"defaults", object({{"quality", count()}, {"fps", count()}})},
                 {"limits", object({{"quality", limits()}, {"fps", limits()}})},
                 {"server", server}});
}

Json describe_state() {
  const Json size = object({{"width", count()}, {"height", count()}});
  const Json client = object({{"fps", count()},
                              {"extra_headers", truth()},
                              {"advance_headers", truth()},
                              {"dual_final_frames", truth()},
                              {"zero_data", truth()},
                              {"key", text()}});
  const Json source = object(
      {{"resolution", size}, {"online", truth()}, {"desired_fps", count()}, {"captured_fps", count()}});
  const Json stream =
      object({{"queued_fps", count()}, {"clients", count()}, {"clients_stat", map_of(client, "By id.")}});
  const Json encoder = object({{"type", one_of({"CPU", "HW"})}, {"quality", count()}});
  const Json result = object({{"instance_id", text()},
                              {"encoder", encoder},
                              {"sinks", map_of(object({{"has_clients", truth()}}))},
                              {"source", source},
                              {"stream", stream}});
  return object({{"ok", truth()}, {"result", result}});
}

Json describe_health() {
  Json state = segment_state();
  state["enum"].push_back("idle");  // a camera of the server's own, while nobody watches
  const Json segment = object({{"name", text()},
                               {"ok", truth()},
                               {"state", state},
                               {"age_ms", or_null(number())},
                               {"reason?", text("Why it is not well.")}});
  return object({{"ok", truth()},
                 {"age_ms", or_null(number("Of the oldest."))},
                 {"max_age_ms", number()},
                 {"segments", list_of(segment)},
                 {"detail?", text()}});
}

}  // namespace

Json describe_schemas() {
  return {{"Error", object({{"detail", text("What is wrong, and what to do.")}})},
          {"Status", describe_status()},
          {"State", describe_state()},
          {"Health", describe_health()},
          {"Description", {{"type", "object"}}}};
}

}  // namespace shmvideo::sink
