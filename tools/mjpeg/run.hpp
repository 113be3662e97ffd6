// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::mjpeg {

toolkit::ExitCode run(const Options& options, toolkit::ToolContext& context);

}  // namespace shmvideo::mjpeg
