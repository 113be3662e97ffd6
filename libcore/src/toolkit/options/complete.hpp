// SPDX-License-Identifier: Apache-2.0
// What shells offer that only the machine knows: their scripts ask the tool for it, with --complete.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "shmvideo/mapping_guard.hpp"

namespace shmvideo::toolkit {

/// A line for each candidate: the word, a tab, what it is. `kind` is "segments" or "devices"; of another one
/// it throws UsageError. It takes about a second at most, and what cannot be read does no harm.
std::string completion_candidates(std::string_view kind);

/// All segments, those with a live writer first: "cam<tab>live, 1280x720 BGR24 30.0/s, shm-capture (pid 12)".
std::string segment_candidates(MappingGuard* guard);

/// The cameras below `dev` (/dev) as `sys` (/sys) describes them, then the names under which they are found
/// again: "/dev/video0<tab>HD Webcam".
std::string device_candidates(const std::filesystem::path& dev, const std::filesystem::path& sys);

}  // namespace shmvideo::toolkit
