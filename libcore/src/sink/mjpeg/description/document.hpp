// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sink/mjpeg/serving_defaults.hpp"

namespace shmvideo::sink {

/// Everything in served_paths(), as an OpenAPI 3.0 document: one line of JSON. Limits and defaults of
/// parameters are those of `defaults`. Paths stand relative to where it lies: `is_below_segment` is for the
/// one that lies in a segment's own folder, where there are no other segments.
std::string openapi_json(const ServingDefaults& defaults, bool is_below_segment);

}  // namespace shmvideo::sink
