// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "options.hpp"
#include "source/frame_source.hpp"

namespace shmvideo::capture {

/// The source that --device means, with what else was asked of it; not opened yet.
/// Throws Error(invalid_argument).
std::unique_ptr<source::FrameSource> choose_source(const CaptureOptions& options);

}  // namespace shmvideo::capture
