// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sink/http/router.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

/// Every path that a server answers, in one place. `serving` outlives the router.
void add_routes(Router& router, Serving& serving);

}  // namespace shmvideo::sink
