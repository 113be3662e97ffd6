// SPDX-License-Identifier: Apache-2.0
#include "toolkit/progress_line.hpp"

#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "toolkit/terminal.hpp"

namespace shmvideo::toolkit {
namespace {

/// To the line's begin, and everything in it away.
constexpr const char* kClear = "\r\033[K";

void put(std::string_view text) noexcept {
  // A terminal that is gone must not stop the work.
  [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

ProgressLine::ProgressLine(const Log& log)
    : is_wanted_(is_terminal(STDERR_FILENO) && log.is_on(LogLevel::info)) {}

void ProgressLine::draw(const std::string& text) {
  if (!is_wanted_) return;
  // A line that is as wide as the terminal would be broken in two.
  const std::size_t columns = std::max(terminal_size(STDERR_FILENO).columns, 2U) - 1;
  put(kClear + cut_to_columns(text, columns) + "\r");
}

void ProgressLine::clear() noexcept {
  if (is_wanted_) put(kClear);
}

}  // namespace shmvideo::toolkit
