// SPDX-License-Identifier: Apache-2.0
#include "progress.hpp"

#include <fmt/format.h>

#include <vector>

#include "toolkit/messages/human.hpp"

namespace shmvideo::record {
namespace {

std::vector<toolkit::Tally> losses(const sink::RecordingProgress& now) {
  return {{now.taking.missed_full, "queue full"},
          {now.taking.missed_slow, "not looked at in time"},
          {now.taking.overwritten, "overwritten while read"},
          {now.taking.unusable, "unusable"},
          {now.abandoned, "not written in time"}};
}

std::string missed(const sink::RecordingProgress& now) {
  return toolkit::describe_losses("missed", losses(now));
}

std::chrono::nanoseconds recorded(const sink::RecordingProgress& now) {
  return std::chrono::nanoseconds(now.taking.recorded_ns);
}

}  // namespace

std::uint64_t lost(const sink::RecordingProgress& now) { return now.taking.lost() + now.abandoned; }

toolkit::ProgressReport report(const sink::RecordingProgress& now, const RecordOptions& options,
                               const SegmentName& name, std::chrono::nanoseconds waited) {
  if (now.frames == 0 && now.taking.taken == 0) {
    toolkit::ProgressReport waiting{.elapsed = waited,
                                    .waiting_for = fmt::format("frames of '{}'", name.str())};
    // A writer that is there and has no frames is waited for without end.
    if (waited <= options.timeout) waiting.duration = options.timeout;
    return waiting;
  }
  return {.verb = "recorded",
          .done = now.frames,
          .wanted = options.limits.count,
          .elapsed = recorded(now),
          .duration = options.limits.duration,
          .details = {toolkit::human_bytes(now.bytes)},
          .loss_verb = "missed",
          .losses = losses(now),
          .incidents = {{now.taking.restarts, "restarts of the writer"}}};
}

std::string conclusion(const sink::RecordingProgress& now, const std::string& last_file) {
  if (now.frames == 0) return fmt::format("wrote nothing; {}", missed(now));
  std::string text = fmt::format("wrote {} frame{} ({}, {}) to ", now.frames, now.frames == 1 ? "" : "s",
                                 toolkit::human_duration(recorded(now)), toolkit::human_bytes(now.bytes));
  text += now.files > 1 ? fmt::format("{} files, the last of them {}", now.files, last_file) : last_file;
  text += "; " + missed(now);
  if (now.taking.restarts > 0) text += fmt::format("; restarts of the writer {}", now.taking.restarts);
  return text;
}

}  // namespace shmvideo::record
