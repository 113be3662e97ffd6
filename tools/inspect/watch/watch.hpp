// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "toolkit/exit_code.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::inspect {

/// --watch: looks at one segment, or at all where none is named, until told to stop. Throws Error.
toolkit::ExitCode watch(const InspectOptions& options, toolkit::ToolContext& context);

}  // namespace shmvideo::inspect
