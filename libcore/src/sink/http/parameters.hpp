// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "sink/http/query.hpp"

namespace shmvideo::sink {

/// A parameter that a route takes.
struct Parameter {
  std::string_view name;
  /// Takes the value; empty, or what the value must be ("must be ...").
  std::function<std::string(const std::string& text)> take;
};

/// A whole number from `low` to `high`; `value` is left alone when the parameter is not given.
Parameter number_parameter(std::string_view name, int low, int high, int& value, bool* is_given = nullptr);
/// Any text of at most `bytes_max`.
Parameter text_parameter(std::string_view name, std::size_t bytes_max, std::string& value);

/// Gives what `target` brings to those in `known`. Empty when all is well, else a sentence about the first
/// thing that is not: an unknown parameter, one given twice, or one that is not what it must be. What pages
/// add to an address so that their browser asks for it again is passed over: a number alone, _, t, ts, time,
/// timestamp, rand, nocache, cacheBust, bypassCache.
std::string read_parameters(const Target& target, std::span<const Parameter> known);

}  // namespace shmvideo::sink
