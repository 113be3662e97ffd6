// SPDX-License-Identifier: Apache-2.0
#include "progress.hpp"

#include <unistd.h>

#include <string>
#include <string_view>

#include "clock.hpp"
#include "report_text.hpp"
#include "toolkit/terminal.hpp"

namespace shmvideo::bench {
namespace {

constexpr std::uint64_t kLineInterval = kSecond;
constexpr std::uint64_t kMessageInterval = 10 * kSecond;
/// To the line's begin, and everything in it away.
constexpr const char* kClear = "\r\x1b[K";

void put(std::string_view text) {
  // Progress that cannot be shown is no reason to stop.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

Progress::Progress(toolkit::Log& log)
    : log_(log), has_line_(toolkit::is_terminal(STDERR_FILENO) && log.is_on(toolkit::LogLevel::info)) {}

Progress::~Progress() { clear(); }

std::uint64_t Progress::interval_ns(const std::optional<std::chrono::nanoseconds>& asked) const {
  if (asked) return static_cast<std::uint64_t>(asked->count());
  return has_line_ ? kLineInterval : kMessageInterval;
}

void Progress::show(const Result& result) {
  const std::string text = progress_text(result);
  if (!has_line_) return log_.info("{}", text);
  put(kClear + toolkit::cut_to_columns(text, toolkit::terminal_size(STDERR_FILENO).columns - 1));
  is_shown_ = true;
}

void Progress::clear() {
  if (is_shown_) put(kClear);
  is_shown_ = false;
}

}  // namespace shmvideo::bench
