// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/reports/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

namespace shmvideo::sink {
namespace {

using metrics::Family;
using metrics::Type;

/// Its second number is the resident pages (proc(5)).
std::optional<std::uint64_t> resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  if (!(statm >> all >> resident)) return std::nullopt;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::optional<double> processor_seconds() {
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) != 0) return std::nullopt;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::optional<std::uint64_t> open_descriptors() {
  std::error_code error;
  std::uint64_t count = 0;
  std::filesystem::directory_iterator at("/proc/self/fd", error);
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) ++count;
  if (error || count == 0) return std::nullopt;
  return count - 1;  // looking takes one
}

template <typename Value>
void add(std::vector<Family>& families, const char* name, Type type, const char* help,
         const std::optional<Value>& value) {
  if (!value) return;
  families.emplace_back(name, type, help);
  families.back().add({}, *value);
}

}  // namespace

void add_process(std::vector<Family>& families) {
  add(families, "process_resident_memory_bytes", Type::gauge,
      "Memory of the server that is resident, the segments' among it.", resident_bytes());
  add(families, "process_cpu_seconds_total", Type::counter, "Processor time of the server.",
      processor_seconds());
  add(families, "process_open_fds", Type::gauge, "Open descriptors of the server.", open_descriptors());
}

}  // namespace shmvideo::sink
