// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/cors.hpp"

#include <algorithm>

#include "shmvideo/error.hpp"

namespace shmvideo::sink {
namespace {

/// What a page may read beside what it may read anyway.
constexpr std::string_view kExposed =
    "Access-Control-Expose-Headers: Date, ETag, Retry-After, X-Timestamp, X-Frame-Number, X-Format, X-Width, "
    "X-Height, X-Strides, X-Offsets, X-Color-Range\r\n";
constexpr std::string_view kPreflight =
    "Access-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n"
    "Access-Control-Allow-Headers: Authorization, If-None-Match, If-Modified-Since, Cache-Control\r\n"
    "Access-Control-Max-Age: 600\r\n";

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// As browsers write it: in lower case, without the port that goes without saying. Empty: it is none.
std::string normal(std::string origin) {
  std::ranges::transform(origin, origin.begin(), lower);
  const auto scheme_end = origin.find("://");
  const std::string_view scheme = std::string_view(origin).substr(0, scheme_end);
  const auto is_of_scheme = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  const auto is_of_host = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~:[]").find(c) != std::string_view::npos;
  };
  if (scheme_end == origin.npos || scheme.empty() || !std::ranges::all_of(scheme, is_of_scheme)) return {};
  const std::string_view host = std::string_view(origin).substr(scheme_end + 3);
  if (host.empty() || !std::ranges::all_of(host, is_of_host)) return {};
  const std::string_view usual = scheme == "http" ? ":80" : scheme == "https" ? ":443" : "";
  if (!usual.empty() && host.ends_with(usual)) origin.resize(origin.size() - usual.size());
  return origin;
}

}  // namespace

Cors::Cors(const std::vector<std::string>& origins) {
  for (const std::string& each : origins) {
    if (each == "*") {
      are_all_ = true;
      continue;
    }
    listed_.push_back(normal(each));
    if (listed_.back().empty()) {
      throw Error(ErrorCode::invalid_argument,
                  "'" + each +
                      "' is no origin; it is * or a scheme, a host and perhaps a port, as in "
                      "https://example.org:8443, with nothing behind");
    }
  }
}

bool Cors::is_listed(std::string_view origin) const noexcept {
  return std::ranges::find(listed_, origin) != listed_.end();
}

std::string Cors::headers(std::string_view origin) const {
  if (listed_.empty() && !are_all_) return {};
  // Also where there is none: what is kept of this answer is not for a page that comes with one.
  std::string lines = "Vary: Origin\r\n";
  if (origin.empty()) return lines;
  if (is_listed(origin)) {
    lines.append("Access-Control-Allow-Origin: ").append(origin);
    lines.append("\r\nAccess-Control-Allow-Credentials: true\r\n").append(kExposed);
  } else if (are_all_) {
    lines.append("Access-Control-Allow-Origin: *\r\n").append(kExposed);
  }
  return lines;
}

std::optional<Reply> Cors::preflight(const Request& request) const {
  if (request.method != "OPTIONS" || request.wanted_method.empty() || request.origin.empty())
    return std::nullopt;
  if (!are_all_ && !is_listed(request.origin)) return std::nullopt;
  Reply reply = options_reply();
  reply.headers += kPreflight;
  return reply;
}

}  // namespace shmvideo::sink
