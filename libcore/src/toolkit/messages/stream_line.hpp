// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "shmvideo/report.hpp"

namespace shmvideo::toolkit {

/// "1920x1080 BGR24, 30.0/s": what is in a segment, for a status of one line.
std::string describe_stream(const SegmentReport& report);

/// "1 viewer", "3 viewers".
std::string count_of(std::uint64_t count, const std::string& what);

}  // namespace shmvideo::toolkit
