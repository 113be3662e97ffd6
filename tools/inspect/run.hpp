// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "toolkit/exit_code.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::inspect {

toolkit::ExitCode run(const InspectOptions& options, toolkit::ToolContext& context);

}  // namespace shmvideo::inspect
