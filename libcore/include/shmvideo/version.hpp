// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shmvideo/export.hpp"

namespace shmvideo {

/// The version of the library that is running, "major.minor.patch". Not the segment format's, which
/// is SHMV_ABI_MAJOR.SHMV_ABI_MINOR.
SHMVIDEO_EXPORT const char* version() noexcept;

}  // namespace shmvideo
