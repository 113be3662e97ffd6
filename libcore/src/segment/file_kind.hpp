// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace shmvideo {

/// What stands at a segment's path, told by its first bytes only: a damaged segment is a segment, so
/// that it can be replaced and removed; what is something else is nobody's to touch.
enum class FileKind { absent, segment, empty, other };
FileKind file_kind(const std::filesystem::path& path) noexcept;

}  // namespace shmvideo
