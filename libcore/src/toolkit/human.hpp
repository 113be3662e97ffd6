// SPDX-License-Identifier: Apache-2.0
// Quantities as people like to read them.
#pragma once

#include <cstdint>
#include <string>

namespace shmvideo::toolkit {

std::string human_bytes(std::uint64_t bytes);  ///< "512 B", "5.93 MiB"
std::string human_age(std::uint64_t age_ns);   ///< "12.3 ms", "4.2 s", "10 min", "3 h", "5 days"

}  // namespace shmvideo::toolkit
