// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "source/frame_source.hpp"
#include "source/frame_wish.hpp"
#include "source/pacer.hpp"

namespace shmvideo::source {

struct GstreamerOptions {
  /// A pipeline as gst-launch-1.0 has it ("videotestsrc ! ..."), with or without an appsink at its end; or
  /// a camera's number or path, a URL, or a file, for which one is made.
  std::string location;
  FrameWish wish;
  FrameRate rate{0, 1};  ///< frames are left out or repeated to keep it; numerator 0: as they come
};

/// Whatever GStreamer plays, at the pace at which it does. The first call loads a module of this
/// installation, which needs GStreamer's libraries: throws Error(source_failed) where that is missing, with
/// what to do about it.
std::unique_ptr<FrameSource> make_gstreamer_source(const GstreamerOptions& options);

}  // namespace shmvideo::source
