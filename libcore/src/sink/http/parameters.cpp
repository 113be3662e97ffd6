// SPDX-License-Identifier: Apache-2.0
#include "sink/http/parameters.hpp"

#include <algorithm>

namespace shmvideo::sink {
namespace {

std::string unknown(const std::string& name, std::span<const NumberParameter> known) {
  std::string sentence = "unknown parameter '" + name + "'";
  if (known.empty()) return sentence + "; there are none here";
  sentence += "; there " + std::string(known.size() == 1 ? "is" : "are");
  for (const NumberParameter& each : known) {
    sentence.append(&each == &known.front() ? " " : ", ").append(each.name);
  }
  return sentence;
}

}  // namespace

std::string read_parameters(const Target& target, std::span<const NumberParameter> known) {
  for (const auto& given : target.parameters) {
    const auto parameter = std::ranges::find(known, std::string_view(given.name), &NumberParameter::name);
    if (parameter == known.end()) return unknown(given.name, known);
    if (std::ranges::count(target.parameters, given.name, &Target::Parameter::name) > 1) {
      return given.name + " is given more than once";
    }
    const auto value = parse_whole_number(given.value, parameter->low, parameter->high);
    if (!value) {
      return given.name + " must be a whole number from " + std::to_string(parameter->low) + " to " +
             std::to_string(parameter->high) + ", not '" + given.value + "'";
    }
    *parameter->value = *value;
    if (parameter->is_given) *parameter->is_given = true;
  }
  return {};
}

}  // namespace shmvideo::sink
