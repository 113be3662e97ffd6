// SPDX-License-Identifier: Apache-2.0
#include "toolkit/options/values.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "shmvideo/error.hpp"

namespace shmvideo::toolkit {
namespace {

using std::chrono::nanoseconds;

[[noreturn]] void refuse(std::string_view text, std::string_view what, std::string_view forms) {
  throw UsageError(fmt::format("'{}' is not {}; use {}", text, what, forms));
}

template <typename Number>
std::optional<Number> whole(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Unit {
  std::string_view suffix;
  std::uint64_t factor;
};

// The longest suffix first: "ms" ends in "s".
constexpr std::array kDurationUnits{Unit{"ms", 1'000'000}, Unit{"s", 1'000'000'000},
                                    Unit{"m", 60'000'000'000}, Unit{"h", 3'600'000'000'000}};
constexpr std::array kSizeUnits{Unit{"K", 1u << 10}, Unit{"M", 1u << 20}, Unit{"G", 1u << 30}};

/// Digits and one of the units (or none, meaning `bare`), at most `limit`.
template <std::size_t N>
std::optional<std::uint64_t> with_unit(std::string_view text, const std::array<Unit, N>& units,
                                       std::uint64_t bare, std::uint64_t limit) {
  std::uint64_t factor = bare;
  for (const Unit& unit : units) {
    if (text.ends_with(unit.suffix)) {
      factor = unit.factor;
      text.remove_suffix(unit.suffix.size());
      break;
    }
  }
  const auto number = whole<std::uint64_t>(text);
  if (!number || *number > limit / factor) return std::nullopt;
  return *number * factor;
}

/// The largest unit that divides the value.
template <std::size_t N>
std::string print_with_unit(std::uint64_t value, const std::array<Unit, N>& units,
                            std::string_view otherwise) {
  const Unit* best = nullptr;
  for (const Unit& unit : units) {
    if (value % unit.factor == 0 && (!best || unit.factor > best->factor)) best = &unit;
  }
  if (best && value) return fmt::format("{}{}", value / best->factor, best->suffix);
  return fmt::format("{}{}", value, otherwise);
}

}  // namespace

nanoseconds parse_duration(std::string_view text) {
  constexpr std::uint64_t limit = std::numeric_limits<nanoseconds::rep>::max();
  const auto value = with_unit(text, kDurationUnits, 1'000'000'000, limit);
  if (!value) refuse(text, "a duration", "90, 90s, 10m, 1h or 250ms");
  return nanoseconds(static_cast<nanoseconds::rep>(*value));
}

ByteSize parse_byte_size(std::string_view text) {
  const auto value = with_unit(text, kSizeUnits, 1, std::numeric_limits<std::int64_t>::max());
  if (!value) refuse(text, "a size", "4096, 512K, 15M or 2G (of 1024)");
  return {*value};
}

Resolution parse_resolution(std::string_view text) {
  constexpr std::uint32_t limit = 65535;  // the segment format's
  const auto cross = text.find_first_of("xX");
  if (cross != text.npos) {
    const auto width = whole<std::uint32_t>(text.substr(0, cross));
    const auto height = whole<std::uint32_t>(text.substr(cross + 1));
    if (width && height && *width && *height && *width <= limit && *height <= limit) return {*width, *height};
  }
  refuse(text, "a size in pixels", "WIDTHxHEIGHT as in 1920x1080, each from 1 to 65535");
}

Rate parse_rate(std::string_view text) {
  constexpr double limit = 1000;
  Rate rate;
  bool is_good = false;
  if (const auto slash = text.find('/'); slash != text.npos) {
    const auto above = whole<std::uint32_t>(text.substr(0, slash));
    const auto below = whole<std::uint32_t>(text.substr(slash + 1));
    is_good = above && below && *below;
    if (is_good) rate = {*above, *below};
  } else {
    const auto dot = text.find('.');
    const auto before = whole<std::uint32_t>(text.substr(0, dot));
    const auto decimals = dot == text.npos ? std::string_view("0") : text.substr(dot + 1);
    const auto after = whole<std::uint32_t>(decimals);
    is_good = before && after && decimals.size() <= 3 && *before <= limit;
    if (is_good && *after) {
      const auto factor = static_cast<std::uint32_t>(std::lround(std::pow(10, decimals.size())));
      rate = {*before * factor + *after, factor};
    } else if (is_good) {
      rate = {*before, 1};
    }
  }
  if (!is_good || !rate.numerator || rate.per_second() > limit) {
    refuse(text, "a frame rate", "30, 29.97 or 30000/1001, above 0 and up to 1000");
  }
  return rate;
}

FileMode parse_file_mode(std::string_view text) {
  constexpr std::string_view kForms =
      "octal digits from 600 to 664 as in 640 or 0640: the owner reads and writes, nobody else but the group "
      "may write, nobody executes";
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 8);
  if (error != std::errc{} || end != text.data() + text.size() || text.size() > 4) {
    refuse(text, "a file mode", kForms);
  }
  // The segment format's range: others are refused by the writer, too, but without the option's name.
  if ((bits & ~0664u) != 0 || (bits & 0600u) != 0600u) refuse(text, "a segment's mode", kForms);
  return {static_cast<mode_t>(bits)};
}

std::int64_t parse_integer(std::string_view text, std::int64_t low, std::int64_t high) {
  const auto value = whole<std::int64_t>(text);
  if (!value || *value < low || *value > high) {
    const bool is_open = high == std::numeric_limits<std::int64_t>::max();
    refuse(text, "a number in range",
           is_open ? fmt::format("a whole number from {} on", low)
                   : fmt::format("a whole number from {} to {}", low, high));
  }
  return *value;
}

double parse_real(std::string_view text, double low, double high) {
  const auto value = whole<double>(text);
  if (!value || !(*value >= low && *value <= high)) {
    refuse(text, "a number in range", fmt::format("a number from {} to {}", low, high));
  }
  return *value;
}

std::string print(nanoseconds value) {
  const auto count = static_cast<std::uint64_t>(value.count() < 0 ? 0 : value.count());
  if (count == 0) return "0s";
  return print_with_unit(count, kDurationUnits, "ns");
}

std::string print(ByteSize value) { return print_with_unit(value.bytes, kSizeUnits, ""); }

std::string print(Resolution value) {
  return value.width ? fmt::format("{}x{}", value.width, value.height) : "";
}

std::string print(Rate value) {
  if (!value.numerator) return "";
  if (value.denominator == 1) return std::to_string(value.numerator);
  return fmt::format("{}/{}", value.numerator, value.denominator);
}

std::string print(FileMode value) { return fmt::format("{:04o}", value.bits); }

std::string print(double value) { return fmt::format("{:g}", value); }

SegmentName Value<SegmentName>::parse(std::string_view text) {
  try {
    return SegmentName(text);
  } catch (const Error& error) {
    throw UsageError(error.what());
  }
}

std::filesystem::path Value<std::filesystem::path>::parse(std::string_view text) {
  if (text.empty()) throw UsageError("'' is not a file; use a path");
  return text;
}

}  // namespace shmvideo::toolkit
