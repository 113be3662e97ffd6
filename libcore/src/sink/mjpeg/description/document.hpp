// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sink/mjpeg/serving_defaults.hpp"

namespace shmvideo::sink {

/// For whom a description is.
struct DescribedFor {
  bool is_below_segment = false;  ///< it lies in a segment's own folder, where there are no other segments
  bool asks_for_credentials = false;  ///< who may see what is asked there
};

/// Everything in served_paths(), as an OpenAPI 3.0 document: one line of JSON. Limits and defaults of
/// parameters are those of `defaults`. Paths stand relative to where it lies.
std::string openapi_json(const ServingDefaults& defaults, const DescribedFor& whom);

}  // namespace shmvideo::sink
