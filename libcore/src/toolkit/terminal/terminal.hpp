// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace shmvideo::toolkit {

struct TerminalSize {
  unsigned columns = 80;
  unsigned rows = 24;
  unsigned width_pixels = 0;  ///< 0: the terminal does not say
  unsigned height_pixels = 0;
};

bool is_terminal(int descriptor) noexcept;
/// A terminal that understands control sequences: TERM is set, and not to "dumb".
bool can_draw(int descriptor) noexcept;
/// Such a terminal, and nobody said NO_COLOR.
bool wants_colour(int descriptor) noexcept;
/// Whether the terminal belongs to this process rather than to a shell that started it with '&'. True
/// where that cannot be known.
bool is_in_foreground(int descriptor) noexcept;
/// What the terminal says; else COLUMNS and LINES; else 80x24.
TerminalSize terminal_size(int descriptor) noexcept;

/// The last `columns` values as bars from 0 to the largest of them: "▁▃█".
std::string sparkline(std::span<const double> values, std::size_t columns);

/// Cuts a line of UTF-8 to `columns` characters (each taken as one column wide).
std::string cut_to_columns(std::string_view line, std::size_t columns);

}  // namespace shmvideo::toolkit
