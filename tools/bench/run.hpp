// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::bench {

toolkit::ExitCode run(const BenchOptions& options, toolkit::ToolContext& context);

}  // namespace shmvideo::bench
