// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "segment/geometry.hpp"
#include "shmvideo/layout.h"

namespace shmvideo {

/// Checks a private copy of a header against itself and against the size of its file, and returns the
/// geometry that may be used from then on. `what` names the segment in the message.
/// Throws Error: not_a_segment, incompatible, corrupt. Any bytes are safe to pass.
Geometry validate_header(const shmv_header& header, std::uint64_t file_bytes, const std::string& what);

}  // namespace shmvideo
