// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shmvideo/report.hpp"

namespace shmvideo::inspect {

/// What a person is told of one segment: several lines.
std::string to_text(const SegmentReport& report);

/// A line for each segment under a heading; `notes` are lines for those that could not be read.
std::string to_table(const std::vector<SegmentReport>& reports, const std::vector<std::string>& notes);

/// Rows of cells with a heading, each column as wide as it needs; numbers to the right.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

}  // namespace shmvideo::inspect
