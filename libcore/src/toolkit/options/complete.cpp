// SPDX-License-Identifier: Apache-2.0
#include "toolkit/options/complete.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <tuple>
#include <vector>

#include "shmvideo/error.hpp"
#include "shmvideo/name.hpp"
#include "shmvideo/pixel_format.hpp"
#include "shmvideo/report.hpp"
#include "sink/live_writer.hpp"
#include "toolkit/options/usage_error.hpp"
#include "toolkit/process/sigbus_guard.hpp"

namespace shmvideo::toolkit {
namespace {

namespace fs = std::filesystem;

/// A shell waits for the answer with the person at it; what is not known by then is named only.
constexpr std::chrono::milliseconds kPatience(1000);

struct Candidate {
  std::tuple<int, int, int> rank;  ///< smaller ones come first
  std::string word;
  std::string what;
};

std::string lines_of(std::vector<Candidate> candidates) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.rank < b.rank; });
  std::string text;
  for (const Candidate& candidate : candidates) text += candidate.word + "\t" + candidate.what + "\n";
  return text;
}

/// "1280x720 BGR24 30.0/s", as far as it is known.
std::string picture_text(const SegmentReport& report) {
  const std::uint32_t fourcc = report.last_frame ? report.last_frame->fourcc : report.stream.fourcc;
  const std::uint32_t width = report.last_frame ? report.last_frame->width : report.stream.width;
  const std::uint32_t height = report.last_frame ? report.last_frame->height : report.stream.height;
  std::string text = width ? fmt::format(", {}x{}", width, height) : "";
  if (const auto format = pixel_format_from_fourcc(fourcc)) {
    text += fmt::format("{}{}", text.empty() ? ", " : " ", info_of(*format).name);
  }
  if (report.state == SegmentState::live && report.fps > 0) text += fmt::format(" {:.1f}/s", report.fps);
  return text;
}

std::string writer_text(const SegmentReport& report) {
  if (!sink::has_writer(report.state)) return {};
  return fmt::format(", {} (pid {})", report.program.empty() ? "unnamed" : report.program, report.writer_pid);
}

Candidate described(const FoundSegment& found, MappingGuard* guard) {
  try {
    const SegmentReport seen = report(found, guard);
    const bool is_live = seen.state == SegmentState::live;
    return {{is_live                               ? 0
             : seen.state == SegmentState::stalled ? 1
                                                   : 2,
             0, 0},
            found.name.str(),
            to_string(seen.state) + picture_text(seen) + writer_text(seen)};
  } catch (const Error&) {
    return {{3, 0, 0}, found.name.str(), "cannot be read"};
  }
}

/// The first line of a small file, without what would end a line of ours; empty if it cannot be read.
std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return line;
}

int number_in(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || number > 1'000'000) return -1;
    number = number * 10 + (c - '0');
  }
  return text.empty() ? -1 : number;
}

/// What the system calls the camera of a node such as "video0". A camera has several nodes where it also
/// delivers, say, what it measures; pictures come from the first.
std::string camera_text(const std::string& node, const fs::path& sys) {
  const fs::path folder = sys / "class/video4linux" / node;
  const std::string name = first_line(folder / "name");
  const int index = number_in(first_line(folder / "index"));
  return (name.empty() ? "camera" : name) + (index > 0 ? fmt::format(", its node {}", index + 1) : "");
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error))
    entries.push_back(entry->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace

std::string segment_candidates(MappingGuard* guard) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  std::vector<Candidate> candidates;
  for (const FoundSegment& found : list_segments()) {
    candidates.push_back(std::chrono::steady_clock::now() < end
                             ? described(found, guard)
                             : Candidate{{4, 0, 0}, found.name.str(), "segment"});
  }
  return lines_of(std::move(candidates));
}

std::string device_candidates(const fs::path& dev, const fs::path& sys) {
  std::vector<Candidate> candidates;
  for (const fs::path& path : entries_of(dev)) {
    const std::string node = path.filename();
    const int number = node.starts_with("video") ? number_in(std::string_view(node).substr(5)) : -1;
    if (number < 0) continue;
    const int index = number_in(first_line(sys / "class/video4linux" / node / "index"));
    candidates.push_back({{0, std::max(index, 0), number}, path, camera_text(node, sys)});
  }
  for (const fs::path& path : entries_of(dev / "v4l/by-id")) {
    std::error_code error;
    const std::string node = fs::read_symlink(path, error).filename();
    const std::string what = camera_text(node, sys);
    candidates.push_back({{1, 0, 0}, path, node.empty() ? what : fmt::format("{} ({})", what, node)});
  }
  return lines_of(std::move(candidates));
}

std::string completion_candidates(std::string_view kind) {
  if (kind == "segments") return segment_candidates(&SigbusGuard::instance());
  if (kind == "devices") return device_candidates("/dev", "/sys");
  throw UsageError(
      fmt::format("--complete: '{}' is nothing that shells ask for; use segments or devices", kind));
}

}  // namespace shmvideo::toolkit
