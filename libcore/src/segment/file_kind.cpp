// SPDX-License-Identifier: Apache-2.0
#include "segment/file_kind.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>

#include "segment/unique_fd.hpp"
#include "shmvideo/layout.h"

namespace shmvideo {

FileKind file_kind(const std::filesystem::path& path) noexcept {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) return errno == ENOENT ? FileKind::absent : FileKind::other;
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return FileKind::other;
  if (status.st_size == 0) return FileKind::empty;
  std::uint64_t magic = 0;
  const bool is_segment = ::pread(fd.get(), &magic, sizeof magic, 0) == sizeof magic && magic == SHMV_MAGIC;
  return is_segment ? FileKind::segment : FileKind::other;
}

}  // namespace shmvideo
