// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sink/mjpeg/channel.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

/// What /stream/video/status says, as JSON text:
/// - streaming: active_streams, total_frames_served, avg_fps (of an open stream, over the last seconds),
///   uptime (seconds), snapshots_served, bytes_sent, encodes, copies, revoked, failed
/// - segment: name, state ("absent" when there is none, then with a detail), start_command (when there is
///   no writer) and, if it can be read, source_state, generation, format, width, height, fps, published,
///   last_frame {number, age_ms}
/// - server: version, encoder_threads
std::string status_json(const Channel& channel, const Serving& serving);

}  // namespace shmvideo::sink
