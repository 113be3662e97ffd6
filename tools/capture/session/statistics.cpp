// SPDX-License-Identifier: Apache-2.0
#include "session/statistics.hpp"

#include <vector>

namespace shmvideo::capture {
namespace {

std::vector<toolkit::Tally> losses(const WriterStatistics& statistics) {
  std::vector<toolkit::Tally> losses;
  for (unsigned i = 0; i < SHMV_DROP_CAUSES; ++i) {
    const char* word = to_string(static_cast<DropCause>(i));
    if (word != nullptr) losses.push_back({statistics.dropped[i], word});
  }
  return losses;
}

}  // namespace

toolkit::ProgressReport report(const Progress& now, std::chrono::nanoseconds elapsed,
                               const toolkit::RunLimits& limits) {
  return {.verb = "published",
          .done = now.writer.published,
          .wanted = limits.count,
          .elapsed = elapsed,
          .duration = limits.duration,
          .loss_verb = "dropped",
          .losses = losses(now.writer),
          .incidents = {{now.writer.revoked, "revoked"}, {now.reopened, "reopened"}}};
}

toolkit::ProgressReport conclusion(const Progress& now, std::chrono::nanoseconds elapsed) {
  toolkit::ProgressReport whole = report(now, elapsed, {});
  const double seconds = std::chrono::duration<double>(elapsed).count();
  if (seconds > 0) whole.rate = static_cast<double>(now.writer.published) / seconds;
  return whole;
}

}  // namespace shmvideo::capture
