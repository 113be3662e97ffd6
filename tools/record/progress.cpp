// SPDX-License-Identifier: Apache-2.0
#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "toolkit/human.hpp"
#include "toolkit/terminal.hpp"

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

void write_to_terminal(const std::string& text) noexcept {
  // A terminal that is gone must not stop the recording.
  [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

std::uint64_t lost(const sink::RecordingProgress& now) { return now.taking.lost() + now.abandoned; }

std::string describe(const sink::RecordingProgress& now, const sink::RecordingProgress& before,
                     std::chrono::nanoseconds between) {
  const double seconds = std::chrono::duration<double>(between).count();
  // Fewer than before are there when a file that could not be written on was cut back.
  const auto more = static_cast<double>(now.frames - std::min(before.frames, now.frames));
  const double rate = seconds > 0 ? more / seconds : 0;
  return fmt::format("recorded {} frames ({:.1f}/s), {}, {}, missed {}{}", now.frames, rate,
                     seconds_text(now.taking.recorded_ns), toolkit::human_bytes(now.bytes), lost(now),
                     causes(now));
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

void ProgressLine::draw(const std::string& text) noexcept {
  if (!is_wanted_) return;
  // A line that is as wide as the terminal would be broken in two.
  const std::size_t columns = std::max(toolkit::terminal_size(STDERR_FILENO).columns, 2U) - 1;
  write_to_terminal("\r\033[K" + toolkit::cut_to_columns(text, columns) + "\r");
}

void ProgressLine::clear() noexcept {
  if (is_wanted_) write_to_terminal("\r\033[K");
}

}  // namespace shmvideo::record
