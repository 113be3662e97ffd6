// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "sink/mjpeg/channel.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

/// What /metrics says of these segments, in Prometheus' text format: what shm-inspect --metrics says of each,
/// and what was done for their viewers (shm_video_http_*). Names and labels stay what they are. `has_server`:
/// and what is the server's as a whole.
std::string metrics_text(std::span<const Channel* const> channels, const Serving& serving, bool has_server);

}  // namespace shmvideo::sink
