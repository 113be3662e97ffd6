// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <system_error>

#include "segment/unique_fd.hpp"
#include "shmvideo/layout.h"
#include "shmvideo/name.hpp"

namespace shmvideo {
namespace {

bool has_magic(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  std::uint64_t magic = 0;
  return ::pread(fd.get(), &magic, sizeof magic, 0) == sizeof magic && magic == SHMV_MAGIC;
}

}  // namespace

std::vector<FoundSegment> list_segments() {
  std::vector<FoundSegment> found;
  for (const Place& place : candidate_places()) {
    std::error_code failed;
    for (std::filesystem::directory_iterator it(place.directory, failed), end; !failed && it != end;
         it.increment(failed)) {
      const std::string name = it->path().filename().string();
      const bool known = std::any_of(found.begin(), found.end(), [&](const auto& f) { return f.name.str() == name; });
      if (!known && SegmentName::is_valid(name) && has_magic(it->path()))
        found.push_back({SegmentName(name), it->path()});
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name.str() < b.name.str(); });
  return found;
}

}  // namespace shmvideo
