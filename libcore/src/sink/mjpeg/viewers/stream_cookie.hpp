// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace shmvideo::sink {

/// A viewer's id as it stands in the cookie and wherever viewers are listed: 16 hexadecimal digits.
std::string viewer_id_text(std::uint64_t id);

/// "Set-Cookie: stream_client=KEY/ID; ...": by it a page finds its own viewer among all of them, as pages
/// made for ustreamer do. Characters of the key that a cookie cannot have are percent-encoded; no key is "0".
std::string stream_cookie(std::string_view key, std::uint64_t id);

}  // namespace shmvideo::sink
