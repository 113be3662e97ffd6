// SPDX-License-Identifier: Apache-2.0
#include "device/camera_values.hpp"

#include <fmt/format.h>

#include <limits>

namespace shmvideo::capture {
namespace {

/// V4L2's own are 32 bits wide.
constexpr std::int64_t kExposureMax = std::numeric_limits<std::int32_t>::max();

}  // namespace

Exposure parse_exposure(std::string_view text) {
  if (text == "auto") return {};
  try {
    return {toolkit::parse_integer(text, 1, kExposureMax)};
  } catch (const toolkit::UsageError&) {
    throw toolkit::UsageError(fmt::format(
        "'{}' is no exposure; use auto, or a number of 100 microseconds, such as 100 for 10 ms", text));
  }
}

source::ControlSetting parse_control_setting(std::string_view text) {
  const auto mark = text.find('=');
  if (mark == text.npos || mark == 0) {
    throw toolkit::UsageError(
        fmt::format("'{}' is no setting; use NAME=VALUE, with a NAME that --list-controls shows", text));
  }
  const std::string name(text.substr(0, mark));
  try {
    return {name, toolkit::parse_integer(text.substr(mark + 1), std::numeric_limits<std::int64_t>::min(),
                                         std::numeric_limits<std::int64_t>::max())};
  } catch (const toolkit::UsageError&) {
    throw toolkit::UsageError(
        fmt::format("'{}' is no value for {}; use a whole number", text.substr(mark + 1), name));
  }
}

}  // namespace shmvideo::capture
