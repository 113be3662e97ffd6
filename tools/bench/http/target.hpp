// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace shmvideo::bench::http {

/// The stream that is asked for.
struct Target {
  std::string url;         ///< as it was given
  std::string host;        ///< a name or an address, without brackets
  std::string authority;   ///< host and port as they stand in the URL, for the Host line
  std::string path = "/";  ///< with the query
  std::uint16_t port = 80;
  bool is_bare = false;       ///< tcp://: nothing is asked, and the parts come without a head before them
  bool is_zero_data = false;  ///< ustreamer's zero_data=1: parts without pictures are meant
};

/// http://HOST[:PORT][/PATH][?QUERY] or tcp://HOST:PORT, where HOST may be an IPv6 address in brackets.
/// Throws toolkit::UsageError, which says what is wrong with it.
///
/// It is a few lines of our own: Boost.URL is a library of its own in Debian, and everybody who has the
/// tools would have to have it for these two forms.
Target parse_target(std::string_view url);

/// What is sent to ask for it; empty for a bare stream.
std::string request_of(const Target& target);

}  // namespace shmvideo::bench::http
