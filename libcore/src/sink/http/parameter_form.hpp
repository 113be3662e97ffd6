// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shmvideo::sink {

/// What a parameter may be, what holds where it is not given, and what it is for: data, so that those who ask
/// are told the same that requests are read by.
struct ParameterForm {
  enum class Kind {
    whole,   ///< a whole number
    flag,    ///< 1, true or yes; 0, false or no
    delay,   ///< milliseconds, or with a unit: 250, 250ms, 1s
    text,    ///< anything
    choice,  ///< a word of several
  };
  std::string_view name;  ///< of static storage
  Kind kind = Kind::text;
  int low = 0;                              ///< of numbers, and of delays in milliseconds
  int high = 0;                             ///< the same; of text: bytes at most
  std::vector<std::string_view> choices{};  ///< of static storage
  std::string usual{};                      ///< what holds where it is not given; empty: see `what`
  std::string_view what;                    ///< one sentence; of static storage
};

}  // namespace shmvideo::sink
