// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "segment/unique_fd.hpp"

namespace shmvideo::sink {

/// A folder that files are served from. Opened by its name once: what becomes of the name later is nothing to
/// it. Throws Error(invalid_argument) where it is none or cannot be opened.
UniqueFd open_folder(const std::string& path);

/// What lies at `path` ("a/b", without empty parts) below the folder, to be looked at, not read (O_PATH). No
/// symbolic link is followed, and nothing leads out of the folder, by whatever name. Not open: there is none,
/// or it may not be reached; errno tells.
UniqueFd find_beneath(const UniqueFd& folder, const std::string& path);

/// The same file to be read: only what was found, whatever lies at its path by now. Waits for nobody.
UniqueFd open_found(const UniqueFd& found);

namespace detail {
/// What find_beneath() does where the kernel has no openat2(): one part of the path after the other.
UniqueFd find_by_parts(const UniqueFd& folder, std::string_view path);
}  // namespace detail

}  // namespace shmvideo::sink
