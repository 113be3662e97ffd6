// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sink/http/parameters.hpp"
#include "sink/http/query.hpp"
#include "sink/mjpeg/serving_defaults.hpp"
#include "sink/mjpeg/viewers/stream_request.hpp"

namespace shmvideo::sink {

/// What may be asked of a stream; what is given goes into `request`, which outlives them.
std::vector<Parameter> stream_parameters(const ServingDefaults& defaults, StreamRequest& request);

/// Reads what the request's parameters ask of a stream. Empty, or a sentence about the first that is wrong.
std::string read_stream_request(const Target& target, const ServingDefaults& defaults,
                                StreamRequest& request);

}  // namespace shmvideo::sink
