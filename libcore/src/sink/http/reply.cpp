// SPDX-License-Identifier: Apache-2.0
#include "sink/http/reply.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "shmvideo/version.hpp"

namespace shmvideo::sink {
namespace {

// The older two are for what knows nothing newer.
constexpr std::string_view kNeverKept =
    "\r\nCache-Control: no-cache, no-store, must-revalidate\r\nPragma: no-cache\r\nExpires: 0";
// "no-cache" lets a browser keep a picture and makes it ask whether that is still the one; "no-store" would
// leave it nothing to ask for. "private" keeps pictures of a camera out of the memory of proxies (RFC
// 9111, 5.2.2).
constexpr std::string_view kAskedForAgain = "\r\nCache-Control: private, no-cache";

}  // namespace

std::string http_date(std::time_t time) {
  std::tm parts{};
  gmtime_r(&time, &parts);
  // Not strftime: a date in a header is English whatever the locale.
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                kMonths[static_cast<std::size_t>(parts.tm_mon)], 1900 + parts.tm_year, parts.tm_hour,
                parts.tm_min, parts.tm_sec);
  return text.data();
}

Reply error_reply(unsigned status, std::string_view detail) {
  using nlohmann::json;
  Reply reply;
  reply.status = status;
  reply.content_type = "application/json";
  // Names and parameters come from outside: what is not UTF-8 is replaced, not thrown at.
  reply.body = json{{"detail", detail}}.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  return reply;
}

Reply try_again_reply(std::string_view detail) {
  Reply reply = error_reply(503, detail);
  reply.headers = "Retry-After: 1\r\n";
  return reply;
}

Reply json_reply(std::string body) {
  Reply reply;
  reply.content_type = "application/json";
  reply.body = std::move(body);
  return reply;
}

Reply moved_reply(std::string_view location) {
  Reply reply = error_reply(308, "this is at " + std::string(location));
  reply.headers.append("Location: ").append(location).append("\r\n");
  return reply;
}

Reply options_reply() {
  Reply reply;
  reply.status = 204;
  reply.headers = kAllowHeader;
  return reply;
}

Reply not_modified_reply(const Reply& reply) {
  Reply shorter;
  shorter.status = 304;
  shorter.etag = reply.etag;
  shorter.headers = reply.headers;
  return shorter;
}

std::string_view reason_phrase(unsigned status) noexcept {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

std::string render_head(const ResponseHead& head) {
  std::string text;
  text.reserve(512);
  text.append("HTTP/1.1 ").append(std::to_string(head.status)).append(" ");
  text.append(reason_phrase(head.status)).append("\r\nServer: shm-mjpeg/").append(version());
  text.append("\r\nDate: ").append(http_date(std::time(nullptr)));
  const bool has_content = head.status != 204 && head.status != 304;
  if (has_content) text.append("\r\nContent-Type: ").append(head.content_type);
  if (has_content && head.content_length >= 0) {
    text.append("\r\nContent-Length: ").append(std::to_string(head.content_length));
  }
  if (head.etag.empty()) {
    text.append(kNeverKept);
  } else {
    text.append(kAskedForAgain).append("\r\nETag: ").append(head.etag);
  }
  text.append("\r\nX-Content-Type-Options: nosniff\r\n");
  if (!head.keep_alive) text.append("Connection: close\r\n");
  if (head.keep_alive && head.http_1_0) text.append("Connection: keep-alive\r\n");
  return text.append(head.extra).append("\r\n");
}

std::string render_head(const Reply& reply, bool keep_alive, bool http_1_0) {
  const auto length = static_cast<long long>(reply.body.size() + reply.shared.size());
  return render_head(ResponseHead{.status = reply.status,
                                  .content_type = reply.content_type,
                                  .content_length = reply.is_endless ? -1 : length,
                                  .keep_alive = keep_alive,
                                  .http_1_0 = http_1_0,
                                  .etag = reply.etag,
                                  .extra = reply.headers});
}

}  // namespace shmvideo::sink
