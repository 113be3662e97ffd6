// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "options.hpp"
#include "source/frame_source.hpp"
#include "toolkit/log.hpp"

namespace shmvideo::capture {

/// The source that --device means, with what else was asked of it; not opened yet. Warns of options
/// that mean nothing to it. Throws Error(invalid_argument).
std::unique_ptr<source::FrameSource> choose_source(const CaptureOptions& options, toolkit::Log& log);

}  // namespace shmvideo::capture
