// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "source/v4l2/modes.hpp"

namespace shmvideo::source {

/// A node that may be a camera; a plain value.
struct Camera {
  std::string path;                ///< "/dev/video0"
  std::vector<std::string> links;  ///< stable names for it: /dev/v4l/by-id/..., then /dev/v4l/by-path/...
  std::string driver;
  std::string card;  ///< what people call it
  std::string bus;
  std::string problem;  ///< why it cannot be used, as a sentence; empty if it can, as far as asking tells
  std::vector<CameraFormat> formats;  ///< those that shm-video can use and others
};

/// The capture devices of this machine, by number, with what they can do. Nodes of other kinds (metadata,
/// output, codecs) are left out; a camera that cannot be opened is there with its problem.
std::vector<Camera> list_cameras();

/// Paths of all video nodes by number, whatever they are.
std::vector<std::string> video_nodes();

/// "found: /dev/video0 (vivid), /dev/video2 (HD Webcam)", or that there is none.
std::string cameras_found();

}  // namespace shmvideo::source
