// SPDX-License-Identifier: Apache-2.0
#include "crew/process_figures.hpp"

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace shmvideo::bench {
namespace {

std::string path_of(pid_t pid, const char* what) { return fmt::format("/proc/{}/{}", pid, what); }

/// The number behind "Key:" in a file of lines like "RssAnon:   1234 kB", in bytes.
std::uint64_t kilobytes_of(std::ifstream& in, const std::string& key) {
  std::string line;
  while (std::getline(in, line)) {
    if (line.starts_with(key)) return std::strtoull(line.c_str() + key.size(), nullptr, 10) * 1024;
  }
  return 0;
}

}  // namespace

std::optional<ProcessFigures> figures_of(pid_t pid) {
  std::ifstream status(path_of(pid, "status"));
  if (!status) return std::nullopt;
  ProcessFigures figures;
  figures.private_bytes = kilobytes_of(status, "RssAnon:");  // in the order of the file
  figures.shared_bytes = kilobytes_of(status, "RssShmem:");
  std::error_code error;
  const std::filesystem::directory_iterator descriptors(path_of(pid, "fd"), error);
  // One that has ended and waits to be reaped still has a status, but neither memory nor descriptors.
  if (error || figures.private_bytes == 0) return std::nullopt;
  figures.descriptors = static_cast<unsigned>(std::distance(begin(descriptors), end(descriptors)));
  return figures;
}

std::uint64_t proportional_bytes_of(pid_t pid) {
  std::ifstream in(path_of(pid, "smaps_rollup"));
  return kilobytes_of(in, "Pss:");
}

double cpu_seconds_of(pid_t pid) noexcept {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

MachineTime machine_time() {
  std::ifstream in("/proc/stat");
  std::string word;
  in >> word;
  MachineTime time;
  const auto tick = 1 / static_cast<double>(::sysconf(_SC_CLK_TCK));
  for (int column = 0; column < 8; ++column) {
    double ticks = 0;
    in >> ticks;
    const bool is_idle = column == 3 || column == 4;
    if (!is_idle) time.busy_seconds += ticks * tick;
    time.all_seconds += ticks * tick;
  }
  return time;
}

}  // namespace shmvideo::bench
