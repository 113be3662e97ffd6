// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "sink/recording/recorder.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::record {

/// "recorded 300 frames (30.0/s), 10.0 s of 60.0 s, 5.93 MiB, missed 0". The rate is of the time since
/// `before`.
std::string describe(const sink::RecordingProgress& now, const sink::RecordingProgress& before,
                     std::chrono::nanoseconds between, const toolkit::RunLimits& limits);

/// "wrote 300 frames (10.0 s, 5.93 MiB) to 'x.mp4'; missed 0; restarts 0"
std::string conclusion(const sink::RecordingProgress& now, const std::string& last_file);

/// Frames that are not in the recording, for whatever cause.
std::uint64_t lost(const sink::RecordingProgress& now);

}  // namespace shmvideo::record
