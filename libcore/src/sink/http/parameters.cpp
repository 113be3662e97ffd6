// SPDX-License-Identifier: Apache-2.0
#include "sink/http/parameters.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace shmvideo::sink {

using namespace std::chrono_literals;

namespace {

/// Whether it stands in an address only so that no browser or proxy has seen that address before.
bool is_cache_buster(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 9> kNames{
      "_", "t", "ts", "time", "timestamp", "rand", "nocache", "cacheBust", "bypassCache"};
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::ranges::find(kNames, name) != kNames.end() ||
         (!name.empty() && std::ranges::all_of(name, is_digit));
}

std::string unknown(const std::string& name, std::span<const Parameter> known) {
  std::string sentence = "unknown parameter '" + name + "'";
  if (known.empty()) return sentence + "; there are none here";
  sentence += "; there " + std::string(known.size() == 1 ? "is" : "are");
  for (const Parameter& each : known)
    sentence.append(&each == &known.front() ? " " : ", ").append(each.form.name);
  return sentence;
}

std::string list(const std::vector<std::string_view>& choices) {
  std::string text;
  for (const std::string_view each : choices) text.append(text.empty() ? "" : ", ").append(each);
  return text;
}

std::optional<bool> parse_flag(std::string_view text) {
  if (text == "1" || text == "true" || text == "yes") return true;
  if (text == "0" || text == "false" || text == "no") return false;
  return std::nullopt;
}

constexpr std::chrono::seconds kDelayMost = 60s;

/// Milliseconds where no unit says otherwise, as in other servers' max_delay.
std::optional<std::chrono::nanoseconds> parse_delay(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view unit = text.substr(digits);
  const bool is_seconds = unit == "s";
  const auto most = is_seconds ? kDelayMost.count() : std::chrono::milliseconds(kDelayMost).count();
  const auto number = parse_whole_number(text.substr(0, digits), 1, static_cast<int>(most));
  if (!number || !(unit.empty() || unit == "ms" || is_seconds)) return std::nullopt;
  if (is_seconds) return std::chrono::seconds(*number);
  return std::chrono::milliseconds(*number);
}

}  // namespace

Parameter number_parameter(std::string_view name, const WholeNumber& number, std::string_view what,
                           std::function<void(int)> take) {
  ParameterForm form{.name = name,
                     .kind = ParameterForm::Kind::whole,
                     .low = number.low,
                     .high = number.high,
                     .usual = number.usual ? std::to_string(*number.usual) : std::string(),
                     .what = what};
  return {std::move(form),
          [low = number.low, high = number.high, take = std::move(take)](const std::string& text) {
            const auto given = parse_whole_number(text, low, high);
            if (given) take(*given);
            return given ? std::string()
                         : "must be a whole number from " + std::to_string(low) + " to " +
                               std::to_string(high) + ", not '" + text + "'";
          }};
}

Parameter flag_parameter(std::string_view name, std::optional<bool> usual, std::string_view what,
                         std::function<void(bool)> take) {
  ParameterForm form{.name = name, .kind = ParameterForm::Kind::flag, .what = what};
  if (usual) form.usual = *usual ? "1" : "0";
  return {std::move(form), [take = std::move(take)](const std::string& text) {
            const auto given = parse_flag(text);
            if (given) take(*given);
            return given ? std::string() : "must be 1 or 0, true or false, not '" + text + "'";
          }};
}

Parameter delay_parameter(std::string_view name, std::string_view what,
                          std::function<void(std::chrono::nanoseconds)> take) {
  constexpr auto kMost = std::chrono::milliseconds(kDelayMost).count();
  return {{.name = name, .kind = ParameterForm::Kind::delay, .low = 1, .high = kMost, .what = what},
          [take = std::move(take)](const std::string& text) {
            const auto given = parse_delay(text);
            if (given) take(*given);
            return given ? std::string()
                         : "must be a time from 1 ms to " + std::to_string(kDelayMost.count()) +
                               " s, as 250, 250ms or 1s, not '" + text + "'";
          }};
}

Parameter text_parameter(std::string_view name, std::size_t bytes_max, std::string_view what,
                         std::function<void(const std::string&)> take) {
  return {{.name = name, .high = static_cast<int>(bytes_max), .what = what},
          [bytes_max, take = std::move(take)](const std::string& text) {
            if (text.size() > bytes_max)
              return "must be at most " + std::to_string(bytes_max) + " bytes long";
            take(text);
            return std::string();
          }};
}

Parameter choice_parameter(std::string_view name, std::vector<std::string_view> choices,
                           std::string_view what, std::function<bool(const std::string&)> take) {
  ParameterForm form{.name = name, .kind = ParameterForm::Kind::choice, .choices = choices, .what = what};
  return {std::move(form), [choices = std::move(choices), take = std::move(take)](const std::string& text) {
            return take(text) ? std::string() : "must be one of " + list(choices) + ", not '" + text + "'";
          }};
}

std::vector<ParameterForm> forms_of(std::span<const Parameter> parameters) {
  std::vector<ParameterForm> forms;
  for (const Parameter& each : parameters) forms.push_back(each.form);
  return forms;
}

std::string read_parameters(const Target& target, std::span<const Parameter> known) {
  for (const auto& given : target.parameters) {
    const auto parameter =
        std::ranges::find_if(known, [&](const Parameter& each) { return each.form.name == given.name; });
    if (parameter == known.end() && is_cache_buster(given.name)) continue;
    if (parameter == known.end()) return unknown(given.name, known);
    if (std::ranges::count(target.parameters, given.name, &Target::Parameter::name) > 1) {
      return given.name + " is given more than once";
    }
    const std::string complaint = parameter->take(given.value);
    if (!complaint.empty()) return given.name + " " + complaint;
  }
  return {};
}

}  // namespace shmvideo::sink
