// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sink/mjpeg/channel.hpp"
#include "sink/mjpeg/reports/json.hpp"

namespace shmvideo::sink {

/// The streams of a segment, for its status: a list of {id, peer, key, agent, since (seconds of the wall
/// clock), quality, width, height (0: as many as the frame has), fps_limit, fps, bytes_per_second, frames,
/// skipped, bytes, lag_ms, queued_bytes, reason (null: it gets what it asked for)}.
/// `peer` is empty where it is none of the asker's business: that is for the role admin.
Json describe_clients(const Channel& channel, const Access& asker);

}  // namespace shmvideo::sink
