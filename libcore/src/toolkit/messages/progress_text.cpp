// SPDX-License-Identifier: Apache-2.0
#include "toolkit/messages/progress_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "toolkit/messages/human.hpp"

namespace shmvideo::toolkit {
namespace {

using std::chrono::nanoseconds;

enum Weight { kDetail, kIncident, kTime, kLeft, kEssential };

struct Part {
  std::string text;
  Weight weight = kEssential;
};

std::string joined(const std::vector<Part>& parts) {
  std::string text;
  for (const Part& part : parts) text += (text.empty() ? "" : ", ") + part.text;
  return text;
}

std::string head(const ProgressReport& report) {
  std::string text = fmt::format("{} {}", report.verb, report.done);
  if (report.wanted) text += fmt::format(" of {}", *report.wanted);
  if (!report.rate) return text;
  text += fmt::format(" ({:.1f}/s", *report.rate);
  if (!report.rate_note.empty()) text += ", " + report.rate_note;
  return text + ")";
}

std::string time_text(const ProgressReport& report, std::string (*print)(nanoseconds)) {
  return print(report.elapsed) + (report.duration ? " of " + print(*report.duration) : "");
}

/// Until whichever end comes first.
std::optional<nanoseconds> time_left(const ProgressReport& report) {
  std::optional<nanoseconds> left;
  if (report.duration) left = std::max(*report.duration - report.elapsed, nanoseconds(0));
  if (report.wanted && report.rate.value_or(0) > 0) {
    const double seconds =
        static_cast<double>(*report.wanted - std::min(report.done, *report.wanted)) / *report.rate;
    constexpr double kMost = 1e9;  // a slow start is no reason to tell of centuries
    if (seconds < kMost) {
      const nanoseconds by_count(static_cast<std::int64_t>(seconds * 1e9));
      left = std::min(left.value_or(by_count), by_count);
    }
  }
  return left;
}

std::vector<Part> parts_of(const ProgressReport& report, bool with_causes) {
  std::vector<Part> parts{{head(report)}};
  if (report.elapsed.count() > 0 || report.duration)
    parts.push_back({time_text(report, human_duration), kTime});
  if (const auto left = time_left(report)) parts.push_back({human_seconds(*left) + " left", kLeft});
  for (const std::string& detail : report.details) parts.push_back({detail, kDetail});
  if (!report.loss_verb.empty())
    parts.push_back({describe_losses(report.loss_verb, report.losses, with_causes)});
  for (const Tally& incident : report.incidents) {
    if (incident.count > 0) parts.push_back({fmt::format("{} {}", incident.what, incident.count), kIncident});
  }
  return parts;
}

std::string describe_waiting(const ProgressReport& report) {
  std::string text = fmt::format("waiting for {}, {}", report.waiting_for, time_text(report, human_seconds));
  return report.reason.empty() ? text : text + ": " + report.reason;
}

}  // namespace

std::string describe_losses(const std::string& verb, const std::vector<Tally>& losses, bool with_causes) {
  std::uint64_t total = 0;
  std::string causes;
  for (const Tally& loss : losses) {
    if (loss.count == 0) continue;
    total += loss.count;
    causes += fmt::format("{}{} {}", causes.empty() ? "" : ", ", loss.what, loss.count);
  }
  std::string text = fmt::format("{} {}", verb, total);
  return with_causes && !causes.empty() ? text + " (" + causes + ")" : text;
}

std::string describe(const ProgressReport& report, std::size_t columns) {
  if (!report.waiting_for.empty()) return describe_waiting(report);
  std::string text = joined(parts_of(report, true));
  if (text.size() <= columns) return text;
  std::vector<Part> parts = parts_of(report, false);
  for (;;) {
    text = joined(parts);
    // The last of the least important ones goes first.
    const auto least = std::ranges::min_element(parts.rbegin(), parts.rend(), {}, &Part::weight);
    if (text.size() <= columns || least->weight == kEssential) return text;
    parts.erase(std::next(least).base());
  }
}

}  // namespace shmvideo::toolkit
