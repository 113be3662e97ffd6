// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "segment/generation.hpp"
#include "shmvideo/reader.hpp"

namespace shmvideo {

/// What people and programs call a generation's condition. `stalled` means that the process does not
/// run (heartbeat older than 500 ms) or does not publish (progress older than max(1 s, 5 frame times)).
SegmentState judge_state(const Generation& generation) noexcept;

}  // namespace shmvideo
