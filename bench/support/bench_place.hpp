// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "support/temp_place.hpp"

namespace shmvideo_bench {

/// Where a benchmark's segments live: $SHM_VIDEO_DIR if somebody (bench/run, who cleans up even after a
/// Ctrl-C) says so, else a folder of its own in /dev/shm that goes with it.
class BenchPlace {
 public:
  BenchPlace() {
    if (const char* given = std::getenv("SHM_VIDEO_DIR"); given && *given)
      path_ = given;
    else
      path_ = own_.emplace().path();
  }
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::optional<shmvideo_test::TempPlace> own_;
  std::filesystem::path path_;
};

}  // namespace shmvideo_bench
