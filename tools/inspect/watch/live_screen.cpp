// SPDX-License-Identifier: Apache-2.0
#include "watch/live_screen.hpp"

#include <algorithm>
#include <exception>

#include "toolkit/terminal/output.hpp"

namespace shmvideo::inspect {
namespace {

// Control sequences of every terminal since the VT100, but for the alternate screen (xterm).
constexpr const char* kEnter = "\033[?1049h\033[?25l";
constexpr const char* kLeave = "\033[?25h\033[?1049l";
constexpr const char* kHome = "\033[H";
constexpr const char* kClearLine = "\033[K";
constexpr const char* kClearBelow = "\033[J";

}  // namespace

LiveScreen::LiveScreen() { toolkit::write_output(kEnter); }

LiveScreen::~LiveScreen() {
  std::string text = kLeave;
  for (const std::string& line : last_) text += line + "\n";
  try {
    toolkit::write_output(text);
  } catch (const std::exception&) {
    // The terminal is gone; there is nobody to tell.
  }
}

void LiveScreen::draw(std::vector<std::string> lines, std::size_t rows) {
  std::string text = kHome;
  const std::size_t shown = std::min(lines.size(), rows);
  // Cleared before it is written: behind a line as wide as the window, it would lose its last character.
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : "\n") + (kClearLine + lines[i]);
  toolkit::write_output(text + kClearBelow);
  last_ = std::move(lines);
}

}  // namespace shmvideo::inspect
