// SPDX-License-Identifier: Apache-2.0
#include "report/metrics.hpp"

#include <vector>

#include "metrics/segment_metrics.hpp"
#include "report/look.hpp"
#include "shmvideo/error.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::inspect {
namespace {

using metrics::SeenSegment;

SeenSegment see_one(const InspectOptions& options, toolkit::ToolContext& context) {
  try {
    return {options.name->str(), look_at(*options.name, options.wait, context)};
  } catch (const Error&) {
    // Who measures wants to see a segment that is away, not a measurement that failed.
    return {options.name->str(), std::nullopt};
  }
}

std::vector<SeenSegment> see_all(toolkit::ToolContext& context) {
  std::vector<SeenSegment> seen;
  for (const FoundSegment& found : list_segments()) {
    try {
      seen.push_back({found.name.str(), report(found, &context.guard)});
    } catch (const Error& error) {
      if (error.code() == ErrorCode::not_found) continue;  // gone since it was listed
      seen.push_back({found.name.str(), std::nullopt});
    }
  }
  return seen;
}

}  // namespace

std::string metrics_text(const InspectOptions& options, toolkit::ToolContext& context) {
  toolkit::check_places();
  const bool is_one = options.name && !options.all;
  const auto seen = is_one ? std::vector<SeenSegment>{see_one(options, context)} : see_all(context);
  return metrics::to_text(metrics::segment_metrics(seen));
}

}  // namespace shmvideo::inspect
