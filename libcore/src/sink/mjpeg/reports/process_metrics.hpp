// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "metrics/family.hpp"

namespace shmvideo::sink {

/// What the process needs, by the names that Prometheus' own libraries give it: memory, processor time and
/// open descriptors. What cannot be read is left out.
void add_process(std::vector<metrics::Family>& families);

}  // namespace shmvideo::sink
