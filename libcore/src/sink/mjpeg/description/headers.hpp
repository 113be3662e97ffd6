// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sink/mjpeg/reports/json.hpp"

namespace shmvideo::sink {

/// What the headers of answers say: OpenAPI's header objects by name, for its "components".
Json describe_headers();

}  // namespace shmvideo::sink
