// SPDX-License-Identifier: Apache-2.0
#include "watch/watch_screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <sstream>

#include "report/report_text.hpp"
#include "report/wording.hpp"
#include "toolkit/messages/human.hpp"
#include "toolkit/terminal/terminal.hpp"

namespace shmvideo::inspect {
namespace {

using toolkit::human_age;
using toolkit::human_bytes;

constexpr std::size_t kTitleColumns = 10;
constexpr std::size_t kValueColumns = 14;

std::string spark_row(const char* title, const std::string& value, const std::vector<double>& history,
                      std::size_t columns) {
  const std::size_t used = kTitleColumns + kValueColumns;
  const std::size_t room = columns > used ? columns - used : 0;
  return fmt::format("{:<{}}{:<{}}{}", title, kTitleColumns, value, kValueColumns,
                     toolkit::sparkline(history, room));
}

std::string row(const char* title, const std::string& value) {
  return fmt::format("{:<{}}{}", title, kTitleColumns, value);
}

std::string judgement(const std::optional<ReaderActivity>& activity) {
  if (!activity) return "";
  if (activity->is_stuck) return "stuck";
  if (activity->missed_share < 0.005) return "";
  return fmt::format("slow: misses {:.0f}%", activity->missed_share * 100);
}

std::vector<std::string> reader_lines(const SegmentReport& report, const History& history) {
  if (report.readers.empty()) return {"no reader that shows itself"};
  std::vector<std::vector<std::string>> rows{
      {"PID", "READER", "GRADE", "FPS", "SEEN", "MISSED", "HELD", "BEHIND", ""}};
  for (const ReaderReport& reader : report.readers) {
    const auto activity = history.activity(reader);
    rows.push_back({std::to_string(reader.pid), reader.program, to_string(reader.grade),
                    activity ? fmt::format("{:.1f}", activity->frames_per_second) : "-",
                    std::to_string(reader.seen), std::to_string(reader.missed), std::to_string(reader.held),
                    reader.last_number ? std::to_string(frames_behind(report, reader)) : "-",
                    judgement(activity)});
  }
  std::vector<std::string> lines;
  std::istringstream text(aligned(rows));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::string rate_text(const History& history) {
  return history.rate() ? fmt::format("{:.2f} fps", *history.rate())
                        : fmt::format("{:.2f} fps", history.report()->fps);
}

}  // namespace

std::vector<std::string> watch_lines(const std::string& name, const History& history, std::uint64_t now_ns,
                                     std::size_t columns) {
  std::vector<std::string> lines;
  const SegmentReport* report = history.report();
  if (!report) {
    lines = {fmt::format("{}  absent for {}, waiting for a writer", name,
                         human_age(now_ns - history.absent_since_ns())),
             "", spark_row("rate", "-", history.rates(), columns),
             spark_row("age", "-", history.ages(), columns)};
  } else {
    lines.push_back(fmt::format("{}  {}  {}", name, to_string(report->state), shape_text(shape_of(*report))));
    lines.push_back("");
    lines.push_back(spark_row("rate", rate_text(history), history.rates(), columns));
    const std::string age = report->is_of_this_boot ? human_age(report->last_frame_age_ns) : "-";
    lines.push_back(spark_row("age", report->last_frame ? age : "no frame", history.ages(), columns));
    lines.push_back(
        row("frames", fmt::format("{} published, {} dropped, {} revoked; newest is {}, {}", report->published,
                                  drops_text(*report), report->revoked, report->latest,
                                  human_bytes(report->last_frame ? report->last_frame->payload_bytes : 0))));
    lines.push_back(row("source", fmt::format("{}, {}", report->source, to_string(report->source_state))));
    const std::string since = report->is_of_this_boot ? " for " + human_age(report->age_ns) : "";
    lines.push_back(row("writer", fmt::format("{}, pid {}, generation {}{}", report->program,
                                              report->writer_pid, report->generation, since)));
    lines.push_back("");
    for (std::string& line : reader_lines(*report, history)) lines.push_back(std::move(line));
  }
  for (std::string& line : lines) line = toolkit::cut_to_columns(line, columns);
  return lines;
}

std::string coloured(const std::string& line) {
  static constexpr std::pair<const char*, const char*> kColours[] = {
      {"  live  ", "\033[32m"},   {"  stalled  ", "\033[33m"}, {"  dead  ", "\033[31m"},
      {"  closed  ", "\033[33m"}, {"  absent ", "\033[31m"},   {"  slow: ", "\033[33m"},
      {"  stuck", "\033[31m"}};
  for (const auto& [word, colour] : kColours) {
    const auto at = line.find(word);
    if (at == line.npos) continue;
    const auto end = std::min(line.size(), at + std::strlen(word));
    return line.substr(0, at) + colour + line.substr(at, end - at) + "\033[0m" + line.substr(end);
  }
  return line;
}

std::string watch_line(const std::string& name, const History& history) {
  const SegmentReport* report = history.report();
  if (!report) return fmt::format("{}: absent\n", name);
  std::string slow;
  for (const ReaderReport& reader : report->readers) {
    const std::string word = judgement(history.activity(reader));
    if (!word.empty()) slow += fmt::format(", {} ({}) {}", reader.program, reader.pid, word);
  }
  return fmt::format("{}: {}, {}, frame {}, {}, {} dropped, {} revoked, {} reader{}{}\n", name,
                     to_string(report->state), rate_text(history), report->latest, newest_age_text(*report),
                     report->dropped_total, report->revoked, report->readers.size(),
                     report->readers.size() == 1 ? "" : "s", slow);
}

}  // namespace shmvideo::inspect
