// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sink/mjpeg/channel.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

/// What /state says, as JSON text, in the shape that ustreamer's has, for those who read that:
/// ok, result {instance_id, encoder {type, quality}, sinks {raw|jpeg|h264 {has_clients}}, source {resolution
/// {width, height}, online, desired_fps, captured_fps}, stream {queued_fps, clients, clients_stat {ID {fps,
/// extra_headers, advance_headers, dual_final_frames, zero_data, key}}}}.
std::string state_json(const Channel& channel, const Serving& serving);

}  // namespace shmvideo::sink
