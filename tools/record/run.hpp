// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::record {

toolkit::ExitCode run(const RecordOptions& options, toolkit::ToolContext& context);

}  // namespace shmvideo::record
