// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "metrics/family.hpp"
#include "shmvideo/report.hpp"

namespace shmvideo::metrics {

/// One segment at one moment; without a report it could not be read.
struct SeenSegment {
  std::string name;
  std::optional<SegmentReport> report;
};

/// Everything that can be told of segments, their writers and readers, in the order of `segments`. Names and
/// labels stay what they are.
std::vector<Family> segment_metrics(std::span<const SeenSegment> segments);

}  // namespace shmvideo::metrics
