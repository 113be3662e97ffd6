// SPDX-License-Identifier: Apache-2.0
#include "answer_check.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

namespace shmvideo_test {
namespace {

constexpr std::string_view kVersion = "HTTP/1.1 ";
constexpr std::string_view kLineEnd = "\r\n";

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

bool is_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct Head {
  unsigned status = 0;
  std::map<std::string, std::string, std::less<>> headers;  // by their names as they are written

  std::string_view operator[](std::string_view name) const {
    const auto found = headers.find(name);
    return found != headers.end() ? std::string_view(found->second) : std::string_view{};
  }
  bool has(std::string_view name) const { return headers.contains(name); }
  bool has_no_body() const { return status == 204 || status == 304; }
};

std::string parse_status_line(std::string_view line, Head& head) {
  if (!line.starts_with(kVersion)) return "no status line";
  line.remove_prefix(kVersion.size());
  const auto status = number_of<unsigned>(line.substr(0, 3));
  if (!status || *status < 200 || *status > 599) return "no status";
  if (line.size() < 5 || line[3] != ' ' || !is_text(line)) return "no reason after the status";
  head.status = *status;
  return {};
}

std::string parse_header(std::string_view line, Head& head) {
  const auto colon = line.find(": ");
  if (colon == line.npos || !is_token(line.substr(0, colon))) return "no header";
  const auto value = line.substr(colon + 2);
  if (value.empty() || !is_text(value)) return "no value of a header";
  if (!head.headers.emplace(line.substr(0, colon), value).second) return "a header twice";
  return {};
}

/// `text` ends with the line end of its last line.
std::string parse_head(std::string_view text, Head& head) {
  for (bool is_first = true; !text.empty(); is_first = false) {
    const auto end = text.find(kLineEnd);
    const auto line = text.substr(0, end);
    text.remove_prefix(end + kLineEnd.size());
    const std::string problem = is_first ? parse_status_line(line, head) : parse_header(line, head);
    if (!problem.empty()) return problem + ": " + std::string(line);
  }
  for (const char* name : {"Server", "Date"}) {
    if (!head.has(name)) return std::string("no ") + name;
  }
  if (head.status == 405 && !head.has("Allow")) return "405 without Allow";
  return head.has("Content-Type") || head.has_no_body() ? "" : "no Content-Type";
}

std::string check_body(const Head& head, std::string_view body) {
  const auto type = head["Content-Type"];
  if (type == "application/json" && !nlohmann::json::accept(body)) return "JSON that is none";
  if (type == "image/jpeg" && !(body.starts_with("\xff\xd8") && body.ends_with("\xff\xd9"))) {
    return "a picture that is none";
  }
  if (head.status < 400) return {};
  const auto json = nlohmann::json::parse(body, nullptr, false);
  // What tells how a server is has a shape of its own.
  return json.is_object() && (json.contains("detail") || json.contains("ok")) ? ""
                                                                              : "an error without its detail";
}

std::string check_stream(const Head& head, std::string_view body, const Expected& expected) {
  if (head["Connection"] != "close") return "a stream on a connection that goes on";
  const auto type = head["Content-Type"];
  const auto equals = type.find("boundary=");
  if (equals == type.npos) return "a stream without a boundary";
  const std::string boundary = "--" + std::string(type.substr(equals + 9)) + "\r\n";
  const auto wanted = std::string_view(boundary).substr(0, std::min(boundary.size(), body.size()));
  if (!body.starts_with(wanted)) return "a stream that does not begin with its boundary";
  // It is endless: wherever the server was told that nobody is there, it ends.
  return body.empty() && !expected.is_cut && !expected.has_head ? "a stream without a beginning" : "";
}

void count(const Head& head, AnswerCounts& counts) {
  ++(head.status < 400 ? counts.good : head.status < 500 ? counts.refused : counts.failed);
}

}  // namespace

AnswerCounts& AnswerCounts::operator+=(const AnswerCounts& other) {
  good += other.good;
  refused += other.refused;
  failed += other.failed;
  streams += other.streams;
  return *this;
}

std::string check_answers(std::string_view rest, const Expected& expected, AnswerCounts& counts) {
  bool is_over = false;
  while (!rest.empty()) {
    if (is_over) return "something after the last answer";
    const auto head_end = rest.find("\r\n\r\n");
    if (head_end == rest.npos) return expected.is_cut ? "" : "an answer whose head does not end";
    Head head;
    if (auto problem = parse_head(rest.substr(0, head_end + 2), head); !problem.empty()) return problem;
    rest.remove_prefix(head_end + 4);
    count(head, counts);
    is_over = head["Connection"] == "close";
    if (head["Content-Type"].starts_with("multipart/")) {
      ++counts.streams;
      return check_stream(head, rest, expected);
    }
    if (head.has_no_body()) continue;
    const auto length = number_of<std::size_t>(head["Content-Length"]);
    if (!length) return "no Content-Length";
    // No body of ours begins like an answer.
    if (expected.has_head && (rest.empty() || rest.starts_with(kVersion))) continue;
    if (rest.size() < *length) return expected.is_cut ? "" : "a body that is shorter than was said";
    if (auto problem = check_body(head, rest.substr(0, *length)); !problem.empty()) return problem;
    rest.remove_prefix(*length);
  }
  return {};
}

}  // namespace shmvideo_test
