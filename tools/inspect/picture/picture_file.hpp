// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>

#include "picture/newest_frame.hpp"

namespace shmvideo::inspect {

enum class PictureFileKind { png, jpeg };

/// By the name's ending, case aside; nothing for others.
std::optional<PictureFileKind> picture_file_kind(const std::filesystem::path& file);

/// Writes the frame to `file`, whole or not at all: an existing picture is replaced once the new one
/// is complete. A JPEG frame goes into a .jpg file as it is. Throws Error.
void save_picture(const NewestFrame& frame, const std::filesystem::path& file);

}  // namespace shmvideo::inspect
