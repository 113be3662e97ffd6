// SPDX-License-Identifier: Apache-2.0
// The page to look at: all streams, or the one of a segment.
#pragma once

#include <string_view>

#include "sink/http/reply.hpp"
#include "sink/http/request.hpp"

namespace shmvideo::sink {

/// Where the files of the page lie, seen from the page.
inline constexpr std::string_view kPageFolder = "/page/";

/// The page itself.
Reply page_reply();
/// What lies at a path below kPageFolder: its styles, scripts and pictures; 404 where that is nothing.
Reply page_file_reply(const Request& request);

}  // namespace shmvideo::sink
