// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace shmvideo::sink {

/// Whether a client that sends this If-None-Match has what `etag` (with its quotes) stands for: one of its
/// tags is the same, whether either is weak or not, or it says "*". What is no list of tags matches nothing
/// from there on (RFC 9110, 8.8.3 and 13.1.2).
bool has_matching_etag(std::string_view if_none_match, std::string_view etag) noexcept;

}  // namespace shmvideo::sink
