// SPDX-License-Identifier: Apache-2.0
#include "http/part_head.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace shmvideo::bench::http {
namespace {

/// A part that says it is longer is no picture.
constexpr std::uint64_t kLengthMax = std::uint64_t{256} << 20;
/// The year 2001. No machine has been running for so long.
constexpr std::uint64_t kTimeOfDayMin = 1'000'000'000ULL * 1'000'000'000ULL;
constexpr std::uint64_t kSecondsMax = std::numeric_limits<std::uint64_t>::max() / 1'000'000'000 - 1;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_same(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trim(std::string_view text) noexcept {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<std::uint64_t> whole_number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Seconds with up to nine digits behind the point; more are cut off. Exact, which a double is not.
std::optional<std::uint64_t> nanoseconds(std::string_view text) noexcept {
  const auto point = std::min(text.find('.'), text.size());
  const auto seconds = whole_number(text.substr(0, point));
  if (!seconds || *seconds > kSecondsMax) return std::nullopt;
  std::uint64_t fraction = 0;
  std::uint64_t unit = 100'000'000;
  for (const char digit : text.substr(std::min(point + 1, text.size()))) {
    if (digit < '0' || digit > '9') return std::nullopt;
    fraction += static_cast<std::uint64_t>(digit - '0') * unit;
    unit /= 10;
  }
  return *seconds * 1'000'000'000 + fraction;
}

void note_time(const std::optional<std::uint64_t>& time_ns, PartHead& head) noexcept {
  if (!time_ns || *time_ns == 0) return;
  (*time_ns < kTimeOfDayMin ? head.captured_monotonic_ns : head.captured_realtime_ns) = time_ns;
}

}  // namespace

bool read_head_line(std::string_view line, PartHead& head) noexcept {
  const auto colon = line.find(':');
  if (colon == line.npos) return true;
  const std::string_view name = trim(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  if (is_same(name, "content-length")) {
    head.length = whole_number(value);
    return head.length && *head.length <= kLengthMax;
  }
  if (is_same(name, "x-frame-number")) head.number = whole_number(value);
  if (is_same(name, "x-timestamp")) note_time(nanoseconds(value), head);
  if (is_same(name, "x-ustreamer-grab-time")) {
    const auto time_ns = nanoseconds(value);
    if (time_ns != 0) head.captured_raw_ns = time_ns;
  }
  return true;
}

}  // namespace shmvideo::bench::http
