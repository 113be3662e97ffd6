// SPDX-License-Identifier: Apache-2.0
#include "figures.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "shmvideo/name.hpp"
#include "shmvideo/report.hpp"

namespace soak {
namespace {

// What the C library's heap and thread stacks may come to keep, however long it goes on: a stack and an
// arena, two mappings each, for a thread that meets others which it did not meet before.
constexpr std::uint64_t kMemorySlackBytes = 1 << 20;
constexpr std::uint64_t kMappingsSlack = 6;

std::ifstream open_of(pid_t pid, const char* what) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/" + what);
  if (!in) throw std::runtime_error("process " + std::to_string(pid) + " is gone");
  return in;
}

/// The number behind "Key:" in lines like "VmLck:   12 kB", in bytes; 0 where there is none.
std::uint64_t kilobytes_of(pid_t pid, const char* what, const std::string& key) {
  std::ifstream in = open_of(pid, what);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key)) return std::strtoull(line.c_str() + key.size(), nullptr, 10) * 1024;
  return 0;
}

std::uint64_t lines_of(pid_t pid, const char* what) {
  std::ifstream in = open_of(pid, what);
  return static_cast<std::uint64_t>(
      std::count(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>(), '\n'));
}

std::string kib(std::uint64_t bytes) { return std::to_string(bytes / 1024) + " KiB"; }

}  // namespace

Figures figures_of(pid_t pid) {
  const std::filesystem::directory_iterator descriptors("/proc/" + std::to_string(pid) + "/fd");
  return {static_cast<std::uint64_t>(std::distance(begin(descriptors), end(descriptors))),
          lines_of(pid, "maps"), kilobytes_of(pid, "status", "VmLck:"),
          kilobytes_of(pid, "status", "RssAnon:"), kilobytes_of(pid, "smaps_rollup", "Pss:")};
}

std::string to_text(const Figures& f) {
  return std::to_string(f.descriptors) + " descriptors, " + std::to_string(f.mappings) + " mappings, " +
         kib(f.locked_bytes) + " locked, " + kib(f.private_bytes) + " private, " + kib(f.proportional_bytes) +
         " proportional";
}

std::vector<std::string> growth(const Figures& before, const Figures& after) {
  std::vector<std::string> more;
  const auto compare = [&](const char* what, std::uint64_t was, std::uint64_t is, std::uint64_t slack) {
    if (is > was + slack) more.push_back("has " + std::to_string(is - was) + " more " + what);
  };
  compare("descriptors", before.descriptors, after.descriptors, 0);
  compare("mappings", before.mappings, after.mappings, kMappingsSlack);
  compare("bytes of locked memory", before.locked_bytes, after.locked_bytes, 0);
  compare("bytes of private memory", before.private_bytes, after.private_bytes, kMemorySlackBytes);
  compare("bytes of proportional memory", before.proportional_bytes, after.proportional_bytes,
          kMemorySlackBytes);
  return more;
}

Traces traces_of(const std::string (&names)[2]) {
  Traces traces;
  std::error_code ignored;
  for (const shmvideo::Place& place : shmvideo::candidate_places())
    for (const auto& entry : std::filesystem::directory_iterator(place.directory, ignored)) {
      const std::string file = entry.path().filename().string();
      if (file.find(names[0]) != file.npos || file.find(names[1]) != file.npos) traces.files.push_back(file);
    }
  std::sort(traces.files.begin(), traces.files.end());
  for (const std::string& name : names) {
    try {
      const shmvideo::SegmentReport report = shmvideo::report(shmvideo::SegmentName(name));
      traces.readers.push_back(report.readers.size());
      traces.entries_bytes.push_back(std::filesystem::file_size(report.path.string() + ".readers", ignored));
    } catch (const shmvideo::Error&) {
      traces.readers.push_back(0);
      traces.entries_bytes.push_back(0);
    }
  }
  return traces;
}

}  // namespace soak
