// SPDX-License-Identifier: Apache-2.0
#include "toolkit/messages/human.hpp"

#include <fmt/format.h>

namespace shmvideo::toolkit {
namespace {

/// From two minutes on, hours, minutes and seconds.
std::string duration_text(std::chrono::nanoseconds duration, int decimals) {
  const double seconds = std::chrono::duration<double>(duration).count();
  if (seconds < 120) return fmt::format("{:.{}f} s", seconds, decimals);
  const auto whole = static_cast<std::uint64_t>(seconds);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

std::string human_bytes(std::uint64_t bytes) {
  static constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < std::size(kUnits); ++unit) value /= 1024;
  return fmt::format("{:.{}f} {}", value, value < 10 ? 2 : value < 100 ? 1 : 0, kUnits[unit]);
}

std::string human_age(std::uint64_t age_ns) {
  const double seconds = static_cast<double>(age_ns) / 1e9;
  if (seconds < 1) return fmt::format("{:.1f} ms", seconds * 1e3);
  if (seconds < 120) return fmt::format("{:.1f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 172800) return fmt::format("{:.0f} h", seconds / 3600);
  return fmt::format("{:.0f} days", seconds / 86400);
}

std::string human_duration(std::chrono::nanoseconds duration) { return duration_text(duration, 1); }

std::string human_seconds(std::chrono::nanoseconds duration) { return duration_text(duration, 0); }

}  // namespace shmvideo::toolkit
