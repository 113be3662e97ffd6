// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/description/document.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "shmvideo/version.hpp"
#include "sink/mjpeg/description/headers.hpp"
#include "sink/mjpeg/description/operation.hpp"
#include "sink/mjpeg/description/operations.hpp"
#include "sink/mjpeg/description/parameter_schema.hpp"
#include "sink/mjpeg/description/schemas.hpp"
#include "sink/mjpeg/page/page.hpp"
#include "sink/mjpeg/reports/json.hpp"
#include "sink/mjpeg/routes.hpp"

namespace shmvideo::sink {
namespace {

constexpr std::string_view kOfSegment = "/s/{name}";
/// All files of the page; a folder is no path that could stand in served_paths().
constexpr std::string_view kFileName = "{file}";

constexpr std::string_view kGeneral =
    "Video segments in shared memory, as JPEG pictures. Everything is answered to GET; HEAD gets the same "
    "head "
    "without a body, OPTIONS is told the methods. What pages add so that their browser asks again (_, t, ts, "
    "time, timestamp, rand, nocache, cacheBust, bypassCache, or a number alone) is passed over; any other "
    "parameter that a path does not have is 400. Whatever goes wrong is told in a sentence, in detail. Files "
    "of a "
    "folder that is served beside (/static/) are not described.";

/// Where else the description has something by that name.
Json reference(std::string_view kind, std::string_view name) {
  return {{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}};
}

Json describe(const AnswerBody& body) {
  Json schema;
  if (!body.schema.empty()) {
    schema = reference("schemas", body.schema);
  } else {
    schema["type"] = "string";
    if (!body.media_type.starts_with("text/")) schema["format"] = "binary";
  }
  return {{"schema", std::move(schema)}};
}

/// A header that is always there says so, which only its own object can do; others are referred to.
Json describe(const AnswerHeader& header, const Json& headers) {
  if (!header.is_always) return reference("headers", header.name);
  Json described = headers.at(std::string(header.name));
  described["required"] = true;
  return described;
}

Json describe(const Answer& answer, const Json& headers) {
  Json described{{"description", answer.what}, {"headers", Json::object()}};
  described["headers"]["Cache-Control"] = describe(AnswerHeader{"Cache-Control"}, headers);
  for (const AnswerHeader& each : answer.headers)
    described["headers"][std::string(each.name)] = describe(each, headers);
  for (const AnswerBody& body : answer.bodies)
    described["content"][std::string(body.media_type)] = describe(body);
  return described;
}

/// "getStreamVideoFrame" of "/stream/video/frame": what programs that are made from this call it.
std::string operation_id(std::string_view path, bool is_of_segment) {
  std::string id = is_of_segment ? "getSegment" : "get";
  bool begins_word = true;
  for (const char c : path == "/" ? std::string_view("/page") : path) {
    const bool is_letter = c >= 'a' && c <= 'z';
    if (is_letter) id += begins_word ? static_cast<char>(c - 'a' + 'A') : c;
    begins_word = !is_letter;
  }
  return id;
}

/// The path that is told for what this one answers.
std::string_view first_name(const ServedPath& path) {
  return std::ranges::find(served_paths(), path.endpoint, &ServedPath::endpoint)->path;
}

Json parameters_of(std::string_view path, const Operation& operation, bool is_of_segment) {
  Json parameters = Json::array();
  if (is_of_segment) parameters.push_back(reference("parameters", "Segment"));
  if (path.ends_with(kFileName)) parameters.push_back(reference("parameters", "File"));
  for (const ParameterForm& form : operation.parameters) parameters.push_back(describe_parameter(form));
  if (operation.is_conditional) parameters.push_back(reference("parameters", "IfNoneMatch"));
  return parameters;
}

Json describe(const ServedPath& path, const ServingDefaults& defaults, const Json& headers,
              bool is_of_segment, bool asks_for_credentials) {
  const Operation operation = path.describe(defaults);
  std::string details(operation.details);
  if (path.kind == Router::Kind::alias)
    details.insert(0, "Another name of " + std::string(first_name(path)) + ". ");
  Json get{{"tags", {operation.group}},
           {"summary", operation.what},
           {"operationId", operation_id(path.path, is_of_segment)}};
  if (!details.empty()) get["description"] = details;
  get["parameters"] = parameters_of(path.path, operation, is_of_segment);
  for (const Answer& answer : operation.answers)
    get["responses"][std::to_string(answer.status)] = describe(answer, headers);
  if (is_of_segment && !get["responses"].contains("404"))
    get["responses"]["404"] = reference("responses", "NoSuchSegment");
  if (asks_for_credentials && path.audience != Audience::anyone) {
    get["security"] = {{{"basic", Json::array()}}, {{"bearer", Json::array()}}};
    get["responses"]["401"] = reference("responses", "Unknown");
    get["responses"]["403"] = reference("responses", "NotAllowed");
  }
  get["responses"]["default"] = reference("responses", "Refused");
  return {{"get", std::move(get)}};
}

Json describe_paths(const ServingDefaults& defaults, const Json& headers, const DescribedFor& whom) {
  const std::string page_file = std::string(kPageFolder).append(kFileName);
  std::vector<ServedPath> every(served_paths().begin(), served_paths().end());
  every.push_back({.path = page_file, .endpoint = nullptr, .describe = describe_page_file});
  Json paths = Json::object();
  for (const ServedPath& each : every)
    paths[std::string(each.path)] = describe(each, defaults, headers, false, whom.asks_for_credentials);
  if (whom.is_below_segment) return paths;
  for (const ServedPath& each : every)
    paths[std::string(kOfSegment).append(each.path)] =
        describe(each, defaults, headers, true, whom.asks_for_credentials);
  return paths;
}

Json error_response(std::string_view what) {
  return {{"description", what},
          {"headers", {{"Cache-Control", reference("headers", "Cache-Control")}}},
          {"content", {{"application/json", {{"schema", reference("schemas", "Error")}}}}}};
}

Json describe_components(Json headers) {
  Json components;
  components["schemas"] = describe_schemas();
  components["headers"] = std::move(headers);
  components["parameters"]["Segment"] = {
      {"name", "name"},
      {"in", "path"},
      {"required", true},
      {"description", "A segment that is served; the status has their names."},
      {"schema", {{"type", "string"}, {"pattern", "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"}}}};
  components["parameters"]["File"] = {
      {"name", "file"}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}};
  components["parameters"]["IfNoneMatch"] = {
      {"name", "If-None-Match"},
      {"in", "header"},
      {"description", "Tags of what the client has, or *: 304 where that is still the newest."},
      {"schema", {{"type", "string"}}}};
  components["responses"]["NoSuchSegment"] = error_response("No such segment is served.");
  components["responses"]["Refused"] =
      error_response("The request cannot be answered as it is, whatever its path; detail says why.");
  components["responses"]["Unknown"] =
      error_response("It has to be said who asks, and with what password or token.");
  components["responses"]["Unknown"]["headers"]["WWW-Authenticate"] =
      reference("headers", "WWW-Authenticate");
  components["responses"]["NotAllowed"] = error_response("Who asks may not see this.");
  components["securitySchemes"]["basic"] = {{"type", "http"}, {"scheme", "basic"}};
  components["securitySchemes"]["bearer"] = {{"type", "http"}, {"scheme", "bearer"}};
  return components;
}

}  // namespace

std::string openapi_json(const ServingDefaults& defaults, const DescribedFor& whom) {
  Json headers = describe_headers();
  Json document{{"openapi", "3.0.3"},
                {"info",
                 {{"title", "shm-mjpeg"},
                  {"version", version()},
                  {"license", {{"name", "Apache-2.0"}}},
                  {"description", kGeneral}}},
                // Beside this document, so that it is right below another path too (see docs/proxies.md).
                {"servers", {{{"url", "."}}}}};
  document["paths"] = describe_paths(defaults, headers, whom);
  document["components"] = describe_components(std::move(headers));
  return to_text(document, -1);
}

}  // namespace shmvideo::sink
