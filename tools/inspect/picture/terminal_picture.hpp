// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "picture/newest_frame.hpp"
#include "toolkit/terminal/terminal.hpp"

namespace shmvideo::inspect {

/// False in a build without chafa.
bool can_show_pictures();

/// The picture as text for a terminal of this size: as pixels where the terminal says it can (Kitty,
/// iTerm2, Sixel), else as coloured characters. Throws Error(codec_failed) in a build without chafa.
std::string picture_as_text(const RgbPicture& picture, const toolkit::TerminalSize& size);

}  // namespace shmvideo::inspect
