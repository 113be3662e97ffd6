// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "shmvideo/name.hpp"

namespace shmvideo_test {

/// A folder of this test's own in /dev/shm, where its segments live (SHM_VIDEO_DIR points there, for
/// child processes too). Removed with everything in it at the end.
class TempPlace {
 public:
  TempPlace() {
    std::string pattern = "/dev/shm/shmvideo-test-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
    ::setenv("SHM_VIDEO_DIR", path_.c_str(), 1);
  }
  ~TempPlace() {
    ::unsetenv("SHM_VIDEO_DIR");
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempPlace(const TempPlace&) = delete;
  TempPlace& operator=(const TempPlace&) = delete;
  const std::filesystem::path& path() const { return path_; }
  /// How many files are in it.
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator()));
  }

 private:
  std::filesystem::path path_;
};

}  // namespace shmvideo_test
