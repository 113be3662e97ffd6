// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "http/load_result.hpp"
#include "verdict/verdict.hpp"

namespace shmvideo::bench::http {

/// The result as a page for browsers, that needs nothing from elsewhere: plots over time, how latency is
/// spread, a table of clients. Bounded in size: of a long run several seconds are one point, of many clients
/// the worst are listed.
std::string to_page(const LoadResult& result, const Verdict& verdict);

/// Throws Error where it could not be written: better before an hour of measuring than after.
void check_writable(const std::filesystem::path& path);

/// Throws Error where it cannot be written. What stood there is replaced when the new one is whole.
void write_page(const std::filesystem::path& path, const std::string& page);

}  // namespace shmvideo::bench::http
