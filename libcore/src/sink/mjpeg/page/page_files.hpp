// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace shmvideo::sink {

/// A file that was compiled in. All of it is of static storage.
struct EmbeddedFile {
  std::string_view name;     ///< without a folder
  std::string_view content;  ///< its bytes
  std::string_view digest;   ///< sixteen hexadecimal digits, others for other bytes
};

/// The files of the page: first index.html, then what that asks for. From the files beside this one, by
/// CMake.
std::span<const EmbeddedFile> page_files() noexcept;

}  // namespace shmvideo::sink
