// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <filesystem>

namespace shmvideo {

inline bool is_same_file(const struct stat& a, const struct stat& b) noexcept {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

/// True if `path` leads to that file now; what it leads to is put into `there`.
inline bool leads_to(const std::filesystem::path& path, const struct stat& file,
                     struct stat& there) noexcept {
  return ::stat(path.c_str(), &there) == 0 && is_same_file(there, file);
}
inline bool leads_to(const std::filesystem::path& path, const struct stat& file) noexcept {
  struct stat there {};
  return leads_to(path, file, there);
}
/// The same for an open file.
inline bool leads_to(const std::filesystem::path& path, int fd) noexcept {
  struct stat file {};
  return ::fstat(fd, &file) == 0 && leads_to(path, file);
}

}  // namespace shmvideo
