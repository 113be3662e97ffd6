// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "metrics/family.hpp"
#include "sink/http/traffic.hpp"

namespace shmvideo::sink {

/// Who came in, and who was turned away.
void add_door(std::vector<metrics::Family>& families, const Traffic& traffic);

}  // namespace shmvideo::sink
