// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "options.hpp"
#include "sink/recording/recorder.hpp"
#include "toolkit/messages/progress_text.hpp"

namespace shmvideo::record {

/// "recorded 300 (30.0/s), 10.0 s of 60.0 s, 50 s left, 5.93 MiB, missed 0", or what it waits for since
/// `waited`.
toolkit::ProgressReport report(const sink::RecordingProgress& now, const RecordOptions& options,
                               const SegmentName& name, std::chrono::nanoseconds waited);

/// "wrote 300 frames (10.0 s, 5.93 MiB) to 'x.mp4'; missed 0; restarts 0"
std::string conclusion(const sink::RecordingProgress& now, const std::string& last_file);

/// Frames that are not in the recording, for whatever cause.
std::uint64_t lost(const sink::RecordingProgress& now);

}  // namespace shmvideo::record
