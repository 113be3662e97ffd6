// SPDX-License-Identifier: Apache-2.0
// Quantities as people like to read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace shmvideo::toolkit {

std::string human_bytes(std::uint64_t bytes);  ///< "512 B", "5.93 MiB"
std::string human_age(std::uint64_t age_ns);   ///< "12.3 ms", "4.2 s", "10 min", "3 h", "5 days"
/// How long something lasts: "5.0 s", "0:02:05"; with whole seconds "5 s".
std::string human_duration(std::chrono::nanoseconds duration);
std::string human_seconds(std::chrono::nanoseconds duration);

}  // namespace shmvideo::toolkit
