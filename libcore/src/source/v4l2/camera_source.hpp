// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "source/frame_source.hpp"
#include "source/frame_wish.hpp"
#include "source/pacer.hpp"

namespace shmvideo::source {

/// A control of a camera to be set when it is opened: its name as list_controls() has it, or its number.
struct ControlSetting {
  std::string name;
  std::int64_t value = 0;
};

struct CameraOptions {
  std::string device;                     ///< a number ("0" is /dev/video0), a path, or "auto"
  FrameWish wish;                         ///< the size is asked of the camera; 0x0: its own choice
  FrameRate rate{0, 1};                   ///< asked of the camera; numerator 0: its own choice
  bool is_copying = false;                ///< pass on what the camera codes itself (JPEG, H.264) as it comes
  std::optional<bool> has_auto_exposure;  ///< unset: left as it is
  std::optional<std::int64_t> exposure_100us;  ///< a fixed exposure time, in 100 microseconds
  std::vector<ControlSetting> controls;
  /// That the driver fills in turn: one that is filled, one that is next, and two for the time in which we
  /// are late. 2 to 32; a driver may take more.
  std::uint32_t buffers = 4;
};

/// A camera through V4L2. Of the modes that it has, the best for size and rate is chosen, a compressed one
/// where no raw one reaches the rate; the description's notes say which. Its frames are passed on as they
/// are where the wish names their format, else converted or decoded into the slot. "auto" is the first
/// camera that delivers a frame.
std::unique_ptr<FrameSource> make_camera_source(const CameraOptions& options);

/// The path of the device that `device` means ("/dev/video0" for "0"); "auto" stays.
std::string camera_path(const std::string& device);

}  // namespace shmvideo::source
