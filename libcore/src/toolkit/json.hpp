// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace shmvideo::toolkit {

/// Keys stay in the order in which they are set.
using Json = nlohmann::ordered_json;

/// On one line, without the line's end. Text that is not UTF-8 (a file name, a foreign segment's) has
/// its bad bytes replaced instead of failing.
inline std::string to_line(const Json& value) {
  return value.dump(-1, ' ', false, nlohmann::detail::error_handler_t::replace);
}

/// For people who look at it: indented, with the line's end.
inline std::string to_lines(const Json& value) {
  return value.dump(2, ' ', false, nlohmann::detail::error_handler_t::replace) + '\n';
}

}  // namespace shmvideo::toolkit
