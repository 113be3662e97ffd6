// SPDX-License-Identifier: Apache-2.0
#include "report/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "report/wording.hpp"
#include "toolkit/messages/human.hpp"

namespace shmvideo::inspect {
namespace {

using toolkit::human_age;
using toolkit::human_bytes;

std::string rate_text(const SegmentReport& report) {
  const StreamInfo& stream = report.stream;
  std::string text = report.fps > 0 ? fmt::format(", {:.2f} fps", report.fps) : "";
  if (stream.fps_numerator) {
    text +=
        fmt::format(" (nominal {:g})", static_cast<double>(stream.fps_numerator) / stream.fps_denominator);
  }
  return text;
}

std::string newest_text(const SegmentReport& report) {
  if (!report.last_frame) return "no frame yet";
  return fmt::format("frame {}, {}, {}", report.last_frame->number, newest_age_text(report),
                     human_bytes(report.last_frame->payload_bytes));
}

std::string state_text(const SegmentReport& report) {
  switch (report.state) {
    case SegmentState::live:
      return "live";
    case SegmentState::stalled:
      return fmt::format("stalled: its writer lives, but has not moved for {}",
                         human_age(report.progress_age_ns));
    case SegmentState::dead:
      return "dead: its writer ended without closing it; the next one takes it over";
    case SegmentState::closed:
      return "closed: its writer stopped in good order";
  }
  return "unknown";
}

std::string source_text(const SegmentReport& report) {
  const std::string source = report.source.empty() ? "not told" : report.source;
  if (report.source_state == SourceState::ok) return source;
  if (!report.is_of_this_boot) return fmt::format("{}, {}", source, to_string(report.source_state));
  return fmt::format("{}, {} for {}", source, to_string(report.source_state),
                     human_age(report.source_state_age_ns));
}

std::string readers_text(const SegmentReport& report) {
  if (report.readers.empty()) return "\nNobody reads it, or only observers that do not show themselves.\n";
  std::vector<std::vector<std::string>> rows{{"PID", "READER", "GRADE", "SEEN", "MISSED", "HELD", "BEHIND"}};
  for (const ReaderReport& reader : report.readers) {
    rows.push_back({std::to_string(reader.pid), reader.program, to_string(reader.grade),
                    std::to_string(reader.seen), std::to_string(reader.missed), std::to_string(reader.held),
                    reader.last_number ? std::to_string(frames_behind(report, reader)) : "-"});
  }
  return "\n" + aligned(rows);
}

bool is_number(const std::string& cell) {
  return std::all_of(cell.begin(), cell.end(),
                     [](unsigned char c) { return std::isdigit(c) || c == '.' || c == '-'; });
}

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  const std::size_t columns = rows.front().size();
  std::vector<std::size_t> widths(columns);
  std::vector<bool> is_right(columns, rows.size() > 1);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      widths[c] = std::max(widths[c], rows[r][c].size());
      if (r > 0) is_right[c] = is_right[c] && is_number(rows[r][c]);
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < columns; ++c) {
      line +=
          is_right[c] ? fmt::format("{:>{}}", row[c], widths[c]) : fmt::format("{:<{}}", row[c], widths[c]);
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string to_text(const SegmentReport& report) {
  std::string text;
  const auto row = [&](const char* title, const std::string& value) {
    text += fmt::format("{:<11}{}\n", title, value);
  };
  row("segment", report.name);
  row("state", state_text(report));
  row("picture", shape_text(shape_of(report)) + rate_text(report));
  row("source", source_text(report));
  row("newest", newest_text(report));
  row("published",
      fmt::format("{}, dropped {}, revoked {}", report.published, drops_text(report), report.revoked));
  row("writer",
      fmt::format("{} (pid {}, user {}), {}", report.program.empty() ? "unnamed" : report.program,
                  report.writer_pid, user_name(report.writer_uid),
                  report.is_of_this_boot ? "since " + human_age(report.age_ns) : "before this boot"));
  row("slots", fmt::format("{} of {}, generation {}", report.slot_count,
                           human_bytes(report.slot_capacity_bytes), report.generation));
  row("file",
      fmt::format("{}, {}, mode {:04o}", report.path.string(), human_bytes(report.file_bytes), report.mode));
  return text + readers_text(report);
}

std::string to_table(const std::vector<SegmentReport>& reports, const std::vector<std::string>& notes) {
  std::vector<std::vector<std::string>> rows{
      {"NAME", "STATE", "FORMAT", "SIZE", "FPS", "FRAMES", "AGE", "READERS", "SOURCE"}};
  for (const SegmentReport& report : reports) {
    const Shape shape = shape_of(report);
    rows.push_back({report.name, to_string(report.state), format_name(shape.fourcc),
                    fmt::format("{}x{}", shape.width, shape.height), fmt::format("{:.1f}", report.fps),
                    std::to_string(report.published),
                    report.last_frame && report.is_of_this_boot ? human_age(report.last_frame_age_ns) : "-",
                    std::to_string(report.readers.size()), report.source});
  }
  std::string text = reports.empty() ? "" : aligned(rows);
  for (const std::string& note : notes) text += note + "\n";
  return text;
}

}  // namespace shmvideo::inspect
