// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shmvideo/report.hpp"
#include "toolkit/json.hpp"

namespace shmvideo::inspect {

/// An object with each stage by its name; null where it was not measured.
toolkit::Json stages_json(const SegmentReport& report);

/// What --perf --json prints.
toolkit::Json perf_json(const SegmentReport& report);

}  // namespace shmvideo::inspect
