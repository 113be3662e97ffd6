// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "source/frame_source.hpp"
#include "source/frame_wish.hpp"
#include "source/pacer.hpp"

namespace shmvideo::source {

/// Sources that bring large libraries, each in a module that is loaded when it is first asked for.
enum class SourceModule {
  gstreamer,  ///< Whatever GStreamer plays, at the pace at which it does.
  opencv,     ///< Whatever OpenCV's videoio opens.
};

struct ModuleOptions {
  /// A camera's number or path, a URL, or a file; for GStreamer also a pipeline as gst-launch-1.0 has it
  /// ("videotestsrc ! ..."), with or without an appsink at its end.
  std::string location;
  FrameWish wish;
  FrameRate rate{0, 1};       ///< to keep, where the library can; numerator 0: as frames come
  std::uint32_t buffers = 0;  ///< of a camera, where the library can be told; 0: as it likes
};

/// Throws Error(source_failed) where the module, or a library that it needs, is missing, with what to do
/// about it. Thread-safe.
std::unique_ptr<FrameSource> make_module_source(SourceModule module, const ModuleOptions& options);

}  // namespace shmvideo::source
