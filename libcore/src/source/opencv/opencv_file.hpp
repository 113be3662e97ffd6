// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "source/frame_source.hpp"
#include "source/opencv/opencv_capture.hpp"
#include "source/pacer.hpp"

namespace shmvideo::source {

struct FileOptions {
  std::string path;
  FrameWish wish;
  FrameRate rate{0, 1};  ///< to play at; numerator 0: the file's own
  bool is_looping = false;
  bool is_fast = false;  ///< without pacing
};

/// Plays a video file through OpenCV and FFmpeg: each frame when its time stamp says, or, without time
/// stamps that can be used, at the file's rate. Frames that come too late are left out; whoever cannot
/// keep up at all sees the file slower rather than nothing.
std::unique_ptr<FrameSource> make_file_source(const FileOptions& options);

}  // namespace shmvideo::source
