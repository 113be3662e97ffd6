// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shmvideo::sink {

/// A request target, taken apart: the path as it was sent (routes are compared byte by byte, so that
/// no two spellings name one thing) and the decoded parameters in their order.
struct Target {
  struct Parameter {
    std::string name;
    std::string value;
  };
  std::string path;
  std::vector<Parameter> parameters;
};

/// Takes "/path?a=1&b=2" or "http://host/path?..." apart; "*" (all there is) is a path of its own. Nothing
/// when it is none of these, when a percent sign is not followed by two hexadecimal digits, or when it
/// decodes to a control character.
std::optional<Target> parse_target(std::string_view text);

/// What stands behind percent signs put in its place; a plus sign is a blank if `is_form`. Nothing where a
/// percent sign is not followed by two hexadecimal digits, or stands for a control character.
std::optional<std::string> decode_percent(std::string_view text, bool is_form);

/// A whole number in decimal digits, without sign or blanks, from `low` to `high`.
std::optional<int> parse_whole_number(std::string_view text, int low, int high) noexcept;

}  // namespace shmvideo::sink
