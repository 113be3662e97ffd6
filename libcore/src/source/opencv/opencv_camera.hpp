// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "source/frame_source.hpp"
#include "source/opencv/opencv_capture.hpp"
#include "source/pacer.hpp"

namespace shmvideo::source {

struct OpenCvCameraOptions {
  std::string device;                       ///< a number ("0" is /dev/video0) or a path
  PixelFormat format = PixelFormat::bgr24;  ///< passed on as it comes where the camera has it
  std::uint32_t width = 0;                  ///< asked of the camera; 0: its own choice
  std::uint32_t height = 0;
  FrameRate rate{0, 1};  ///< asked of the camera; numerator 0: its own choice
};

/// The path of the device that `device` means.
std::string opencv_camera_path(const std::string& device);

/// A camera through OpenCV and V4L2. It delivers what comes nearest to what was asked for; the
/// description says what that is.
std::unique_ptr<FrameSource> make_opencv_camera_source(const OpenCvCameraOptions& options);

}  // namespace shmvideo::source
