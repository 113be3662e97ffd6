// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "source/frame_source.hpp"
#include "source/v4l2/buffers.hpp"
#include "source/v4l2/camera_source.hpp"
#include "source/v4l2/device.hpp"
#include "source/v4l2/frame_maker.hpp"
#include "source/v4l2/signal.hpp"

namespace shmvideo::source {

/// A camera that was set up as wished and streams.
struct RunningCamera {
  /// `go_on` is called between the steps, each of which may take a while, and throws to end it. Throws Error.
  RunningCamera(const std::string& path, const CameraOptions& options, const std::function<void()>& go_on);

  Device device;
  Signal signal;
  SourceDescription description;
  FrameMaker maker;
  BufferQueue queue;

 private:
  struct Mode {
    ModeChoice choice;
    StreamFormat format;
    FrameRate rate;
  };
  Mode set_up(const CameraOptions& options, const std::function<void()>& go_on);
  void describe(const Mode& mode, const CameraOptions& options);
  FrameMaker make_maker(const CameraOptions& options, const std::function<void()>& go_on);
};

}  // namespace shmvideo::source
