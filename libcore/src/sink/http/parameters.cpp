// SPDX-License-Identifier: Apache-2.0
#include "sink/http/parameters.hpp"

#include <algorithm>
#include <array>

namespace shmvideo::sink {
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
  for (const Parameter& each : known) sentence.append(&each == &known.front() ? " " : ", ").append(each.name);
  return sentence;
}

}  // namespace

Parameter number_parameter(std::string_view name, int low, int high, int& value, bool* is_given) {
  return {name, [low, high, &value, is_given](const std::string& text) -> std::string {
            const auto number = parse_whole_number(text, low, high);
            if (!number) {
              return "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high) +
                     ", not '" + text + "'";
            }
            value = *number;
            if (is_given) *is_given = true;
            return {};
          }};
}

Parameter text_parameter(std::string_view name, std::size_t bytes_max, std::string& value) {
  return {name, [bytes_max, &value](const std::string& text) -> std::string {
            if (text.size() > bytes_max)
              return "must be at most " + std::to_string(bytes_max) + " bytes long";
            value = text;
            return {};
          }};
}

std::string read_parameters(const Target& target, std::span<const Parameter> known) {
  for (const auto& given : target.parameters) {
    const auto parameter = std::ranges::find(known, std::string_view(given.name), &Parameter::name);
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
