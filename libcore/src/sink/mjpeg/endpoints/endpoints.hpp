// SPDX-License-Identifier: Apache-2.0
// From a request to its answer. What `serving` refers to outlives every outcome.
#pragma once

#include <vector>

#include "sink/http/parameter_form.hpp"
#include "sink/http/router.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

/// The page to look at, or what "?action=" asks for, as mjpg-streamer and ustreamer have it.
Outcome root(Serving& serving, const Request& request);
Outcome stream(Serving& serving, const Request& request);
/// One JPEG picture.
Outcome picture(Serving& serving, const Request& request);
/// The bytes of one frame.
Outcome raw(Serving& serving, const Request& request);
/// What the seeds' status says, and more; the same in ustreamer's shape; for Prometheus; and for who only
/// asks whether all is well.
Outcome status(Serving& serving, const Request& request);
Outcome state(Serving& serving, const Request& request);
Outcome metrics(Serving& serving, const Request& request);
Outcome healthz(Serving& serving, const Request& request);
/// All of these, described for programs.
Outcome openapi(Serving& serving, const Request& request);

// What they may be asked, with the limits and defaults in force. The others take no parameters.
std::vector<ParameterForm> root_parameters();
std::vector<ParameterForm> stream_parameters(const ServingDefaults& defaults);
std::vector<ParameterForm> picture_parameters(const ServingDefaults& defaults);
std::vector<ParameterForm> raw_parameters();

}  // namespace shmvideo::sink
