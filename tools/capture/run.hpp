// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::capture {

/// Publishes until it is told to stop, or the source ends. Throws Error.
toolkit::ExitCode run(const CaptureOptions& options, toolkit::ToolContext& context);

}  // namespace shmvideo::capture
