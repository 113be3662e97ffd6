// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shmvideo/error.hpp"
#include "shmvideo/report.hpp"
#include "toolkit/json.hpp"

namespace shmvideo::inspect {

/// What programs are told. Its keys are documented in the man page and stay what they are.
toolkit::Json to_json(const SegmentReport& report);
/// For a segment that is there but cannot be reported on.
toolkit::Json to_json(const FoundSegment& found, const Error& error);

}  // namespace shmvideo::inspect
