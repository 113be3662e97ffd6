// SPDX-License-Identifier: Apache-2.0
#include "toolkit/config/config_value.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "toolkit/options/usage_error.hpp"
#include "toolkit/options/values.hpp"

namespace shmvideo::toolkit {
namespace {

[[noreturn]] void refuse(const OptionModel& option, const Json& value) {
  constexpr std::size_t kShown = 40;
  std::string shown = to_line(value);
  if (shown.size() > kShown) shown = shown.substr(0, kShown) + "...";
  throw UsageError(fmt::format("{} cannot be its value; use {}", shown, config_form(option)));
}

/// Seconds with a fraction, as the seeds of this project have them, in the unit that options have.
std::string duration_text(const OptionModel& option, const Json& value) {
  const double milliseconds = value.get<double>() * 1000;
  constexpr double kMost = 1e15;
  if (!(milliseconds >= 0 && milliseconds <= kMost) ||
      std::abs(milliseconds - std::round(milliseconds)) > 1e-6) {
    refuse(option, value);
  }
  const auto whole = static_cast<std::uint64_t>(std::llround(milliseconds));
  return whole % 1000 == 0 ? fmt::format("{}s", whole / 1000) : fmt::format("{}ms", whole);
}

std::string text_of(const OptionModel& option, const Json& value) {
  if (value.is_boolean()) {
    const auto& [for_true, for_false] = option.config_switch;
    if (!for_true.empty()) return value.get<bool>() ? for_true : for_false;
    if (option.is_flag()) return value.get<bool>() ? "true" : "false";
    refuse(option, value);
  }
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_number() || option.is_flag()) refuse(option, value);
  if (option.type == "duration") return duration_text(option, value);
  if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  return fmt::format("{}", value.get<double>());  // the shortest text that is this number
}

bool is_pair_of_sides(const Json& value) {
  return value.is_array() && value.size() == 2 && value[0].is_number_unsigned() &&
         value[1].is_number_unsigned();
}

template <typename Number>
std::optional<Number> as_number(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Json one_value(const OptionModel& option, const std::string& text) {
  const auto& [for_true, for_false] = option.config_switch;
  if (option.is_flag()) return text == "true";
  if (!for_true.empty() && (text == for_true || text == for_false)) return text == for_true;
  if (option.type == "duration") {
    const auto ns = parse_duration(text).count();
    if (ns % 1'000'000'000 == 0) return ns / 1'000'000'000;
    return text;
  }
  if (option.type == "resolution") {
    const Resolution size = parse_resolution(text);
    return Json::array({size.width, size.height});
  }
  if (option.type == "number" || option.type == "rate") {
    if (const auto whole = as_number<std::int64_t>(text)) return *whole;
    if (const auto real = as_number<double>(text)) return *real;
  }
  return text;
}

}  // namespace

std::string config_form(const OptionModel& option) {
  if (option.is_flag() || !option.config_switch.first.empty()) return "true or false";
  if (option.is_repeatable) return "a list such as [\"...\", \"...\"]";
  static constexpr std::pair<const char*, const char*> kForms[] = {
      {"number", "a number"},
      {"duration", "seconds as in 5.0, or text such as \"250ms\""},
      {"resolution", "[width, height] as in [1920, 1080], or \"1920x1080\""},
      {"rate", "a number, or text such as \"30000/1001\""},
      {"size", "bytes, or text such as \"15M\""},
      {"bit rate", "bits per second, or text such as \"4M\""},
      {"mode", "text such as \"0640\""},
      {"choice", "one of its words as text"}};
  for (const auto& [type, form] : kForms) {
    if (option.type == type) return form;
  }
  return "text such as \"...\"";
}

std::vector<std::string> option_texts(const OptionModel& option, const Json& value) {
  if (option.type == "resolution" && is_pair_of_sides(value)) {
    return {fmt::format("{}x{}", value[0].get<std::uint64_t>(), value[1].get<std::uint64_t>())};
  }
  if (option.is_repeatable && value.is_array()) {
    std::vector<std::string> texts;
    for (const Json& element : value) {
      if (element.is_null() || element.is_structured()) refuse(option, value);
      texts.push_back(text_of(option, element));
    }
    return texts;
  }
  if (value.is_null() || value.is_structured()) refuse(option, value);
  return {text_of(option, value)};
}

Json config_value(const OptionModel& option, const std::vector<std::string>& texts) {
  if (option.is_repeatable) {
    Json list = Json::array();
    for (const std::string& text : texts) list.push_back(one_value(option, text));
    return list;
  }
  return texts.empty() ? Json() : one_value(option, texts.front());
}

}  // namespace shmvideo::toolkit
