// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sink/http/query.hpp"

namespace shmvideo::sink {

/// A parameter that a route takes: a whole number in a range.
struct NumberParameter {
  std::string_view name;
  int low;
  int high;
  int* value;              ///< left alone when the parameter is not given
  bool* is_given = nullptr;
};

/// Reads what `target` brings into what `known` says. Empty when all is well, else a sentence about the
/// first thing that is not: an unknown parameter, one given twice, or one that is no number in its range.
std::string read_parameters(const Target& target, std::span<const NumberParameter> known);

}  // namespace shmvideo::sink
