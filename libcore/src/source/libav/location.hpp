// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace shmvideo::source::media {

enum class LocationKind {
  path,            ///< of a file or a named pipe
  url,             ///< anything with ://
  standard_input,  ///< "-"
};

LocationKind kind_of(const std::string& location);
/// "rtsp" of a URL, in lower case; empty for others.
std::string scheme_of(const std::string& location);
/// A URL that only ever comes live: its server sets the pace, whatever length it announces.
bool is_streaming_scheme(const std::string& scheme);
/// For people: without user name and password, which are nobody's business, with a word for "-".
std::string shown_location(const std::string& location);

}  // namespace shmvideo::source::media
