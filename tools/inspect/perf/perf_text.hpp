// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shmvideo/report.hpp"

namespace shmvideo::inspect {

/// What frames cost their writer, for people: a table, and how the times are spread. At most 80 columns.
std::string perf_text(const SegmentReport& report);

}  // namespace shmvideo::inspect
