// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/description/operations.hpp"

#include <utility>

#include "metrics/family.hpp"
#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/viewers/multipart.hpp"

namespace shmvideo::sink {
namespace {

constexpr std::string_view kStreams = "streams";
constexpr std::string_view kPictures = "pictures";
constexpr std::string_view kReports = "reports";
constexpr std::string_view kJpeg = "image/jpeg";
constexpr std::string_view kJson = "application/json";

Answer error(unsigned status, std::string_view what) { return {status, what, {{kJson, "Error"}}}; }

Answer bad_parameter() { return error(400, "A parameter is not what it must be, or is given twice."); }

Answer no_frames() {
  Answer answer = error(503, "There is no segment, no writer or no frame.");
  answer.headers = {{"Retry-After", false}};
  return answer;
}

std::vector<AnswerHeader> headers_of_frame() { return {{"ETag"}, {"X-Timestamp"}, {"X-Frame-Number"}}; }

Answer not_modified() {
  return {304, "The client has the newest one already (If-None-Match).", {}, headers_of_frame()};
}

/// What reports answer that take no parameters: their body, or that there are none.
Operation report(std::string_view what, AnswerBody body, std::string_view said) {
  return {.group = kReports, .what = what, .answers = {{200, said, {body}}, bad_parameter()}};
}

}  // namespace

Operation describe_root(const ServingDefaults&) {
  Answer page{200,
              "The page; with action=stream the stream, with action=snapshot the picture.",
              {{"text/html; charset=utf-8"}, {kMultipartType}, {kJpeg}},
              {{"X-Accel-Buffering", false},
               {"Set-Cookie", false},
               {"Content-Security-Policy", false},
               {"Referrer-Policy", false},
               {"ETag", false},
               {"X-Timestamp", false},
               {"X-Frame-Number", false}}};
  Answer known{304, "The client has it already (If-None-Match).", {}, page.headers};
  return {.group = kStreams,
          .what = "A page to look at",
          .details = "With action, what mjpg-streamer and ustreamer have at this address.",
          .parameters = root_parameters(),
          .is_conditional = true,
          .answers = {std::move(page), std::move(known), bad_parameter(),
                      error(500, "Nothing could be made of the frame."), no_frames()}};
}

Operation describe_page_file(const ServingDefaults&) {
  const std::vector<AnswerHeader> headers{{"ETag"}, {"Content-Security-Policy"}, {"Referrer-Policy"}};
  return {.group = kStreams,
          .what = "What the page is made of",
          .details = "For the page alone: names and contents change with it.",
          .is_conditional = true,
          .answers = {{200,
                       "A file.",
                       {{"text/html; charset=utf-8"},
                        {"text/css; charset=utf-8"},
                        {"text/javascript; charset=utf-8"},
                        {"image/svg+xml"}},
                       headers},
                      {304, "The client has it already (If-None-Match).", {}, headers},
                      error(404, "The page has no such file, or there is no such segment.")}};
}

Operation describe_stream(const ServingDefaults& defaults) {
  return {
      .group = kStreams,
      .what = "The stream",
      .details =
          "JPEG pictures until the client hangs up. Each part has Content-Type, Content-Length, "
          "X-Timestamp and X-Frame-Number. A client that does not keep up gets fewer frames, and never an "
          "old queue of them.",
      .parameters = stream_parameters(defaults),
      .answers = {{200,
                   "Pictures, one after the other.",
                   {{kMultipartType}},
                   {{"X-Accel-Buffering"}, {"Set-Cookie"}}},
                  bad_parameter(),
                  no_frames()}};
}

Operation describe_picture(const ServingDefaults& defaults) {
  return {.group = kPictures,
          .what = "One JPEG picture: the newest frame",
          .details = "Where there is no frame yet, the answer waits for the first one.",
          .parameters = picture_parameters(defaults),
          .is_conditional = true,
          .answers = {{200, "The picture.", {{kJpeg}}, headers_of_frame()},
                      not_modified(),
                      bad_parameter(),
                      error(500, "Nothing could be made of the frame."),
                      no_frames()}};
}

Operation describe_raw(const ServingDefaults&) {
  Answer frame{200,
               "Rows and planes, packed without gaps; JPEG, H264 and H265 frames as they are.",
               {{"application/octet-stream"}, {kJpeg}},
               headers_of_frame()};
  Answer known = not_modified();
  for (const std::string_view name : {"X-Format", "X-Width", "X-Height"}) {
    frame.headers.push_back({name});
    known.headers.push_back({name, false});
  }
  for (const std::string_view name : {"X-Strides", "X-Offsets", "X-Color-Range"}) {
    frame.headers.push_back({name, false});
    known.headers.push_back({name, false});
  }
  return {.group = kPictures,
          .what = "The bytes of the newest frame",
          .parameters = raw_parameters(),
          .is_conditional = true,
          .answers = {std::move(frame), std::move(known), bad_parameter(),
                      error(406, "The frame cannot be had in that form."),
                      error(500, "Nothing could be made of the frame."), no_frames()}};
}

Operation describe_status(const ServingDefaults&) {
  Operation operation = report("How it goes", {kJson, "Status"}, "Counts, clients and segments.");
  operation.answers.push_back(no_frames());
  return operation;
}

Operation describe_state(const ServingDefaults&) {
  Operation operation = report("How it goes, as ustreamer tells it", {kJson, "State"}, "The same shape.");
  operation.answers.push_back(no_frames());
  return operation;
}

Operation describe_metrics(const ServingDefaults&) {
  return report("How it goes, for Prometheus", {metrics::kContentType}, "Prometheus' text format.");
}

Operation describe_healthz(const ServingDefaults&) {
  Operation operation = report("Whether there are fresh frames", {kJson, "Health"}, "There are.");
  operation.answers.push_back({503, "There are not, or not of every segment.", {{kJson, "Health"}}});
  return operation;
}

Operation describe_openapi(const ServingDefaults&) {
  return report("This description", {kJson, "Description"},
                "OpenAPI 3.0, with the limits that are in force.");
}

}  // namespace shmvideo::sink
