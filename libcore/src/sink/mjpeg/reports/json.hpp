// SPDX-License-Identifier: Apache-2.0
// What the reports have in common.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace shmvideo::sink {

using Json = nlohmann::ordered_json;

/// Two places are enough for people, and parsers read them back as they are.
inline double rounded(double value) { return std::round(value * 100) / 100; }

/// Names come from outside: what is not UTF-8 is replaced, not thrown at. `indent` -1: one line.
inline std::string to_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace shmvideo::sink
