// SPDX-License-Identifier: Apache-2.0
#include "toolkit/terminal/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace shmvideo::toolkit {
namespace {

constexpr const char* kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

unsigned from_environment(const char* variable, unsigned otherwise) {
  const char* text = std::getenv(variable);
  const long value = text ? std::strtol(text, nullptr, 10) : 0;
  return value > 0 && value < 10000 ? static_cast<unsigned>(value) : otherwise;
}

}  // namespace

bool is_terminal(int descriptor) noexcept { return ::isatty(descriptor) == 1; }

bool can_draw(int descriptor) noexcept {
  const char* terminal = std::getenv("TERM");
  return terminal && *terminal && std::strcmp(terminal, "dumb") != 0 && is_terminal(descriptor);
}

bool wants_colour(int descriptor) noexcept {
  const char* no_colour = std::getenv("NO_COLOR");
  return can_draw(descriptor) && !(no_colour && *no_colour);
}

bool is_in_foreground(int descriptor) noexcept {
  const pid_t group = ::tcgetpgrp(descriptor);
  return group < 0 || group == ::getpgrp();
}

TerminalSize terminal_size(int descriptor) noexcept {
  winsize told{};
  if (::ioctl(descriptor, TIOCGWINSZ, &told) == 0 && told.ws_col && told.ws_row) {
    return {told.ws_col, told.ws_row, told.ws_xpixel, told.ws_ypixel};
  }
  return {from_environment("COLUMNS", 80), from_environment("LINES", 24), 0, 0};
}

std::string sparkline(std::span<const double> values, std::size_t columns) {
  if (values.size() > columns) values = values.last(columns);
  const double highest = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  std::string line;
  for (const double value : values) {
    const double part = highest > 0 ? std::clamp(value / highest, 0.0, 1.0) : 0;
    line += kBars[static_cast<std::size_t>(std::lround(part * 7))];
  }
  return line;
}

std::string cut_to_columns(std::string_view line, std::size_t columns) {
  std::size_t characters = 0;
  std::size_t end = 0;
  for (; end < line.size(); ++end) {
    const bool is_start = (static_cast<unsigned char>(line[end]) & 0xc0) != 0x80;
    if (is_start && ++characters > columns) break;
  }
  return std::string(line.substr(0, end));
}

}  // namespace shmvideo::toolkit
