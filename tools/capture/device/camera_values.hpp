// SPDX-License-Identifier: Apache-2.0
// The values of options that only cameras have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "source/v4l2/camera_source.hpp"
#include "toolkit/options/values.hpp"

namespace shmvideo::capture {

/// Automatic, or a fixed time.
struct Exposure {
  std::optional<std::int64_t> fixed_100us;  ///< in 100 microseconds, as V4L2 counts; unset: automatic
};

Exposure parse_exposure(std::string_view text);                       ///< auto, or a number
source::ControlSetting parse_control_setting(std::string_view text);  ///< NAME=VALUE

}  // namespace shmvideo::capture

template <>
struct shmvideo::toolkit::Value<shmvideo::capture::Exposure> {
  static constexpr const char* kType = "exposure";
  static constexpr const char* kMetavar = "auto|N";
  static constexpr Completion kCompletion = Completion::none;
  static capture::Exposure parse(std::string_view text) { return capture::parse_exposure(text); }
  static std::string print(capture::Exposure value) {
    return value.fixed_100us ? std::to_string(*value.fixed_100us) : "auto";
  }
};

template <>
struct shmvideo::toolkit::Value<shmvideo::source::ControlSetting> {
  static constexpr const char* kType = "control";
  static constexpr const char* kMetavar = "NAME=VALUE";
  static constexpr Completion kCompletion = Completion::none;
  static source::ControlSetting parse(std::string_view text) { return capture::parse_control_setting(text); }
  static std::string print(const source::ControlSetting& value) {
    return value.name + "=" + std::to_string(value.value);
  }
};
