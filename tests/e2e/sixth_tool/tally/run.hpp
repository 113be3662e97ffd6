// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::tally {

toolkit::ExitCode run(const TallyOptions& options, toolkit::ToolContext& context);

}  // namespace shmvideo::tally
