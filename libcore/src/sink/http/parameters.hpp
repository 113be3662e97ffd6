// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sink/http/parameter_form.hpp"
#include "sink/http/query.hpp"

namespace shmvideo::sink {

/// A parameter that a route takes.
struct Parameter {
  ParameterForm form;
  /// Takes the value; empty, or what the value must be ("must be ...").
  std::function<std::string(const std::string& text)> take;
};

/// A whole number, both ends included; `usual` is what holds where it is not given, if that can be told.
struct WholeNumber {
  int low;
  int high;
  std::optional<int> usual = std::nullopt;
};

// Each takes its name and its sentence from static storage, and calls `take` with what was given if that is
// what it may be.
Parameter number_parameter(std::string_view name, const WholeNumber& number, std::string_view what,
                           std::function<void(int)> take);
Parameter flag_parameter(std::string_view name, std::optional<bool> usual, std::string_view what,
                         std::function<void(bool)> take);
/// From 1 ms to 60 s.
Parameter delay_parameter(std::string_view name, std::string_view what,
                          std::function<void(std::chrono::nanoseconds)> take);
/// Any text of at most `bytes_max`.
Parameter text_parameter(std::string_view name, std::size_t bytes_max, std::string_view what,
                         std::function<void(const std::string&)> take);
/// One of `choices`, as far as `take` understands it: it says whether it did.
Parameter choice_parameter(std::string_view name, std::vector<std::string_view> choices,
                           std::string_view what, std::function<bool(const std::string&)> take);

/// What is said of each.
std::vector<ParameterForm> forms_of(std::span<const Parameter> parameters);

/// Gives what `target` brings to those in `known`. Empty when all is well, else a sentence about the first
/// thing that is not: an unknown parameter, one given twice, or one that is not what it must be. What pages
/// add to an address so that their browser asks for it again is passed over: a number alone, _, t, ts, time,
/// timestamp, rand, nocache, cacheBust, bypassCache.
std::string read_parameters(const Target& target, std::span<const Parameter> known);

}  // namespace shmvideo::sink
