// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "shmvideo/pixel_format.hpp"

namespace shmvideo::source {

/// Whether a coded frame can be decoded by itself: every JPEG, and of H.264 and H.265 (Annex B) what the
/// first slice says. Any bytes are safe to give to it.
bool is_key_frame(PixelFormat format, std::span<const std::byte> frame) noexcept;

}  // namespace shmvideo::source
