// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string_view>

namespace shmvideo::toolkit {

/// Nobody reads standard output any more. run_tool() takes it for a quiet stop with status 0.
class OutputClosed : public std::exception {
 public:
  const char* what() const noexcept override { return "standard output was closed"; }
};

/// Writes all of it to standard output at once, past any buffer. Throws OutputClosed, or
/// Error(system) when it cannot be written.
void write_output(std::string_view text);

}  // namespace shmvideo::toolkit
