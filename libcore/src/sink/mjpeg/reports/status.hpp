// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sink/http/request.hpp"
#include "sink/mjpeg/channel.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

/// What /stream/video/status says of a segment to the one who asks, as JSON text:
/// - streaming: active_streams, total_frames_served, avg_fps (of an open stream, over the last seconds),
///   uptime (seconds), snapshots_served, raw_frames_served, bytes_sent, frames_received, encodes, copies,
///   cache_hits, revoked, failed, skipped {not_due, slow, processor, late}
/// - clients: see describe_clients()
/// - segment: name, state ("absent" when there is none, then with a detail), start_command (when there is
///   no writer) and, if it can be read, source_state, generation, format, width, height, fps, published,
///   last_frame {number, age_ms}
/// - segments, all that are served and that the sender of the request may know of: each as segment, with
///   active_streams and lost (null, or {since, reason})
/// - named: whether the request's path named the segment
/// - defaults: quality, fps; limits: quality and fps, each [low, high]
/// - server: version, encoder_threads, now (seconds since 1970 by its clock)
std::string status_json(const Channel& channel, const Serving& serving, const Request& request);

}  // namespace shmvideo::sink
