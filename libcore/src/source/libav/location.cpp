// SPDX-License-Identifier: Apache-2.0
#include "source/libav/location.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace shmvideo::source::media {
namespace {

constexpr std::string_view kMark = "://";
constexpr std::array<std::string_view, 11> kStreamingSchemes = {"rtsp", "rtsps", "rtp", "srtp", "udp", "tcp",
                                                                "rtmp", "rtmps", "srt", "mmsh", "unix"};

}  // namespace

std::string scheme_of(const std::string& location) {
  const auto end = location.find(kMark);
  if (end == std::string::npos || end == 0) return {};
  std::string scheme = location.substr(0, end);
  for (char& c : scheme) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) == 0 && c != '+' && c != '-' && c != '.') return {};
    c = static_cast<char>(std::tolower(u));
  }
  return scheme;
}

LocationKind kind_of(const std::string& location) {
  if (location == "-") return LocationKind::standard_input;
  return scheme_of(location).empty() ? LocationKind::path : LocationKind::url;
}

bool is_streaming_scheme(const std::string& scheme) {
  return std::ranges::find(kStreamingSchemes, scheme) != kStreamingSchemes.end();
}

std::string shown_location(const std::string& location) {
  if (kind_of(location) == LocationKind::standard_input) return "standard input";
  if (kind_of(location) == LocationKind::path) return location;
  const auto host = location.find(kMark) + kMark.size();
  const auto end = location.find_first_of("/?#", host);
  const auto at = location.substr(0, end).rfind('@');
  if (at == std::string::npos || at < host) return location;
  return location.substr(0, host) + location.substr(at + 1);
}

}  // namespace shmvideo::source::media
