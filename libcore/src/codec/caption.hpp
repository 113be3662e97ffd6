// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "shmvideo/picture.hpp"

namespace shmvideo::codec {

/// Makes a full-range I420 picture dark and pale, so that nobody takes it for one of now.
void darken(const MutablePicture& picture) noexcept;

/// Writes lines of text in the middle of a full-range I420 picture, white on a dark band, as large as looks
/// well and the longest line has room for. What has no room even in the smallest size is cut off.
void draw_caption(const MutablePicture& picture, std::span<const std::string> lines) noexcept;

}  // namespace shmvideo::codec
