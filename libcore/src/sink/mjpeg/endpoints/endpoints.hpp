// SPDX-License-Identifier: Apache-2.0
// From a request to its answer. What `serving` refers to outlives every outcome.
#pragma once

#include "sink/http/router.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

Outcome stream(Serving& serving, const Request& request);
/// One JPEG picture.
Outcome picture(Serving& serving, const Request& request);
Outcome status(Serving& serving, const Request& request);

}  // namespace shmvideo::sink
