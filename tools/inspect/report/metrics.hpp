// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "options.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::inspect {

/// --metrics: all segments, or the one that is named, in Prometheus' text format. One that is not there, or
/// that cannot be read, is told as such. Throws Error(no_place).
std::string metrics_text(const InspectOptions& options, toolkit::ToolContext& context);

}  // namespace shmvideo::inspect
