// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "source/frame_source.hpp"
#include "source/gstreamer/gstreamer_source.hpp"

namespace shmvideo::source {

/// What make_gstreamer_source() gets from the module.
std::unique_ptr<FrameSource> make_pipeline_source(const GstreamerOptions& options);

}  // namespace shmvideo::source
