// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "options.hpp"
#include "shmvideo/report.hpp"
#include "toolkit/json.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::inspect {

/// A report, waiting up to `timeout` for the segment, or until the user stops the tool. Throws Error.
SegmentReport look_at(const SegmentName& name, std::chrono::nanoseconds timeout,
                      toolkit::ToolContext& context);

/// All segments at one moment.
struct Overview {
  std::vector<SegmentReport> reports;
  std::vector<std::string> notes;  ///< a line for each that could not be read
  toolkit::Json json = toolkit::Json::array();
};
Overview look_at_all(toolkit::ToolContext& context);

/// The overview for a person; says what to do when there is none.
std::string to_text(const Overview& overview);

}  // namespace shmvideo::inspect
