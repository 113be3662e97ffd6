// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace shmvideo::sink {

/// What a file of that name is, told by its extension in whatever case; application/octet-stream where that
/// tells nothing. Of static storage.
std::string_view content_type_of(std::string_view file_name) noexcept;

}  // namespace shmvideo::sink
