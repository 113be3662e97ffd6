// SPDX-License-Identifier: Apache-2.0
#include "http/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <sstream>

#include "shmvideo/version.hpp"
#include "toolkit/options/usage_error.hpp"

namespace shmvideo::bench::http {
namespace {

using toolkit::UsageError;

[[noreturn]] void refuse(std::string_view url, std::string_view why) {
  throw UsageError(
      fmt::format("--http: '{}' {}; use http://HOST[:PORT]/PATH, or tcp://HOST:PORT for a "
                  "stream without an HTTP head",
                  url, why));
}

std::uint16_t parse_port(std::string_view text, std::string_view url) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) {
    refuse(url, fmt::format("has the port '{}', which is no number from 1 to 65535", text));
  }
  return port;
}

/// "host", "host:port", "[::1]:port".
void parse_authority(std::string_view text, Target& target) {
  if (text.find('@') != text.npos) refuse(target.url, "has a user in it, and no password can be given");
  target.authority = text;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const auto bracket = text.find(']');
    if (bracket == text.npos) refuse(target.url, "has a bracket that is not closed");
    target.host = text.substr(1, bracket - 1);
    port = text.substr(bracket + 1);
    has_port = !port.empty();
    if (has_port && !port.starts_with(':')) refuse(target.url, "goes on behind the bracket without a colon");
    if (has_port) port.remove_prefix(1);
  } else {
    const auto colon = text.find(':');
    has_port = colon != text.npos;
    target.host = text.substr(0, colon);
    if (has_port) port = text.substr(colon + 1);
    if (port.find(':') != port.npos) refuse(target.url, "has an IPv6 address without brackets");
  }
  if (target.host.empty()) refuse(target.url, "names no host");
  if (has_port) target.port = parse_port(port, target.url);
  if (!has_port && target.is_bare) refuse(target.url, "names no port");
}

}  // namespace

Target parse_target(std::string_view url) {
  constexpr std::string_view kHttp = "http://";
  constexpr std::string_view kTcp = "tcp://";
  const auto is_strange = [](unsigned char c) { return c <= ' ' || c == 0x7f; };
  Target target;
  target.url = url;
  if (std::ranges::any_of(url, is_strange)) refuse(url, "has a blank or a control character in it");
  if (url.starts_with("https://")) refuse(url, "asks for TLS, which is not spoken here");
  target.is_bare = url.starts_with(kTcp);
  if (!target.is_bare && !url.starts_with(kHttp)) refuse(url, "is no URL of a stream");
  std::string_view rest = url.substr(target.is_bare ? kTcp.size() : kHttp.size());
  rest = rest.substr(0, rest.find('#'));
  const auto path = std::min(rest.find_first_of("/?"), rest.size());
  parse_authority(rest.substr(0, path), target);
  rest.remove_prefix(path);
  if (target.is_bare && !rest.empty() && rest != "/") refuse(url, "has a path, which nobody would be told");
  target.path = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
  target.is_zero_data = target.path.find("zero_data=1") != std::string::npos;
  return target;
}

std::string request_of(const Target& target) {
  if (target.is_bare) return {};
  namespace beast = boost::beast;
  beast::http::request<beast::http::empty_body> request(beast::http::verb::get, target.path, 11);
  request.set(beast::http::field::host, target.authority);
  request.set(beast::http::field::user_agent, std::string("shm-bench/") + version());
  request.set(beast::http::field::accept, "multipart/x-mixed-replace, */*");
  std::ostringstream text;
  text << request;
  return text.str();
}

}  // namespace shmvideo::bench::http
