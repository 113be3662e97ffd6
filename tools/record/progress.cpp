// SPDX-License-Identifier: Apache-2.0
#include "progress.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "toolkit/human.hpp"

namespace shmvideo::record {
namespace {

std::string causes(const sink::RecordingProgress& now) {
  std::string text;
  const auto add = [&text](std::uint64_t count, const char* what) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
  };
  add(now.taking.missed_full, "while the queue was full");
  add(now.taking.missed_slow, "before they were looked at");
  add(now.taking.overwritten, "overwritten while they were read");
  add(now.taking.unusable, "unusable");
  add(now.abandoned, "not written in time");
  return text.empty() ? text : " (" + text + ")";
}

std::string seconds_text(std::uint64_t ns) {
  const double seconds = static_cast<double>(ns) / 1e9;
  if (seconds < 120) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(seconds);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

std::uint64_t lost(const sink::RecordingProgress& now) { return now.taking.lost() + now.abandoned; }

std::string describe(const sink::RecordingProgress& now, const sink::RecordingProgress& before,
                     std::chrono::nanoseconds between, const toolkit::RunLimits& limits) {
  const double seconds = std::chrono::duration<double>(between).count();
  // Fewer than before are there when a file that could not be written on was cut back.
  const auto more = static_cast<double>(now.frames - std::min(before.frames, now.frames));
  const double rate = seconds > 0 ? more / seconds : 0;
  const std::string frames_wanted = limits.count ? fmt::format(" of {}", *limits.count) : "";
  std::string time = seconds_text(now.taking.recorded_ns);
  if (limits.duration) {
    time += " of " + seconds_text(static_cast<std::uint64_t>(limits.duration->count()));
  }
  return fmt::format("recorded {}{} frames ({:.1f}/s), {}, {}, missed {}{}", now.frames, frames_wanted, rate,
                     time, toolkit::human_bytes(now.bytes), lost(now), causes(now));
}

std::string conclusion(const sink::RecordingProgress& now, const std::string& last_file) {
  if (now.frames == 0) return fmt::format("wrote nothing; missed {}{}", lost(now), causes(now));
  std::string text = fmt::format("wrote {} frame{} ({}, {}) to ", now.frames, now.frames == 1 ? "" : "s",
                                 seconds_text(now.taking.recorded_ns), toolkit::human_bytes(now.bytes));
  text += now.files > 1 ? fmt::format("{} files, the last of them {}", now.files, last_file) : last_file;
  text += fmt::format("; missed {}{}", lost(now), causes(now));
  if (now.taking.restarts > 0) text += fmt::format("; restarts of the writer {}", now.taking.restarts);
  return text;
}

}  // namespace shmvideo::record
