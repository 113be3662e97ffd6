// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "device/camera_values.hpp"
#include "device/device.hpp"
#include "shmvideo/name.hpp"
#include "shmvideo/pixel_format.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::capture {

/// What to do when a source that delivered does not any more.
enum class OnLoss { reconnect, exit };

struct CaptureOptions {
  std::string device = "0";
  Backend backend = Backend::automatic;
  std::optional<toolkit::Resolution> resolution;
  std::optional<toolkit::Rate> rate;
  PixelFormat format = PixelFormat::bgr24;
  bool copy = false;
  bool fast = false;
  bool loop = false;
  toolkit::RunLimits limits;

  bool list_devices = false;
  bool list_controls = false;
  bool json = false;
  std::optional<Exposure> exposure;
  std::vector<source::ControlSetting> controls;
  std::optional<std::uint32_t> buffers;

  bool wait_device = false;
  OnLoss on_loss = OnLoss::reconnect;
  bool reconnect = false;
  bool no_reconnect = false;
  std::optional<std::uint32_t> max_reconnects;
  std::chrono::nanoseconds stall_timeout = std::chrono::seconds(5);

  SegmentName name{"billiards_video"};
  std::optional<std::uint32_t> slots;
  toolkit::FileMode mode{0640};
  std::string group;
  std::optional<std::uint64_t> frame_log_interval;

  std::vector<std::string> given;       ///< long names of what stands on the command line, see is_given()
  std::vector<std::string> configured;  ///< and of what a configuration file sets

  bool is_given(std::string_view long_name) const { return std::ranges::count(given, long_name) > 0; }
  bool reopens_after_loss() const {
    return (on_loss == OnLoss::reconnect || reconnect) && !no_reconnect && max_reconnects != 0U;
  }
  /// A file that all kinds of sources share says how cameras, and the pattern, which stands for one, are to
  /// be: a film has a size and a rate.
  bool is_for_cameras(std::string_view long_name) const {
    const DeviceKind kind = kind_of(device);
    return std::ranges::count(configured, long_name) > 0 && kind != DeviceKind::camera &&
           kind != DeviceKind::pattern;
  }
  std::optional<toolkit::Resolution> resolution_in_use() const {
    return is_for_cameras("resolution") ? std::nullopt : resolution;
  }
  std::optional<toolkit::Rate> rate_in_use() const { return is_for_cameras("fps") ? std::nullopt : rate; }
  /// The one asked for, else the one for such a device.
  Backend backend_in_use() const {
    return backend != Backend::automatic ? backend : backend_for(kind_of(device));
  }
};

void define(toolkit::Cli& cli, CaptureOptions& options);

}  // namespace shmvideo::capture
