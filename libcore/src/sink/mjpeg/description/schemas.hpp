// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sink/mjpeg/reports/json.hpp"

namespace shmvideo::sink {

/// What the JSON answers look like: OpenAPI's schema objects by name, for its "components". What reports/
/// writes is held against them by tests, which take everything that is not named here for a mistake.
Json describe_schemas();

}  // namespace shmvideo::sink
