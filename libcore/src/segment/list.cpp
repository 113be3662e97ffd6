// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <system_error>

#include "segment/file_kind.hpp"
#include "shmvideo/name.hpp"

namespace shmvideo {

std::vector<FoundSegment> list_segments() {
  std::vector<FoundSegment> found;
  for (const Place& place : candidate_places()) {
    std::error_code failed;
    for (std::filesystem::directory_iterator it(place.directory, failed), end; !failed && it != end;
         it.increment(failed)) {
      const std::string name = it->path().filename().string();
      const bool known =
          std::any_of(found.begin(), found.end(), [&](const auto& f) { return f.name.str() == name; });
      if (!known && SegmentName::is_valid(name) && file_kind(it->path()) == FileKind::segment)
        found.push_back({SegmentName(name), it->path()});
    }
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.name.str() < b.name.str(); });
  return found;
}

}  // namespace shmvideo
