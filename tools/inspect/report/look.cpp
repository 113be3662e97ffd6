// SPDX-License-Identifier: Apache-2.0
#include "report/look.hpp"

#include <fmt/format.h>

#include "report/report_json.hpp"
#include "report/report_text.hpp"
#include "shmvideo/error.hpp"
#include "toolkit/messages/progress.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::inspect {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kRetryAfter = std::chrono::milliseconds(50);

}  // namespace

SegmentReport look_at(const SegmentName& name, std::chrono::nanoseconds timeout,
                      toolkit::ToolContext& context) {
  const auto began = Clock::now();
  toolkit::Progress progress(context.log);
  for (;;) {
    try {
      return report(name, &context.guard);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      const bool is_late = Clock::now() - began >= timeout;
      if (is_late || context.wait_for(kRetryAfter)) throw toolkit::no_such_segment(name);
      progress.show(toolkit::waiting_for("'" + name.str() + "'", Clock::now() - began, timeout));
    }
  }
}

Overview look_at_all(toolkit::ToolContext& context) {
  Overview overview;
  toolkit::check_places();
  for (const FoundSegment& found : list_segments()) {
    try {
      overview.reports.push_back(report(found, &context.guard));
      overview.json.push_back(to_json(overview.reports.back()));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::not_found) continue;  // gone since it was listed
      overview.notes.push_back(fmt::format("{}  unreadable: {}", found.name.str(), error.what()));
      overview.json.push_back(to_json(found, error));
    }
  }
  return overview;
}

std::string to_text(const Overview& overview) {
  if (overview.reports.empty() && overview.notes.empty()) {
    return "There is no segment. This makes one: shm-capture --device pattern --name test\n";
  }
  return to_table(overview.reports, overview.notes);
}

}  // namespace shmvideo::inspect
