// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "shmvideo/export.hpp"

namespace shmvideo {

/// A valid segment name: [A-Za-z0-9][A-Za-z0-9._-]{0,99}, not ending in ".lock" or ".readers".
/// Nothing else ever becomes part of a path. A value type; thread-safe like std::string.
class SHMVIDEO_EXPORT SegmentName {
 public:
  /// Throws Error(invalid_name) that says what is wrong with `text`.
  explicit SegmentName(std::string_view text);
  static bool is_valid(std::string_view text) noexcept;
  const std::string& str() const noexcept { return text_; }
  bool operator==(const SegmentName&) const = default;

 private:
  std::string text_;
};

/// Where segments live.
struct Place {
  std::filesystem::path directory;
  bool is_private = false;  ///< One of the per-user fall-backs: only this user's programs look here.
  std::string reason;       ///< For a fall-back: why the place before it was passed over.
};

/// The directories to look in, in order: $SHM_VIDEO_DIR alone if set; else /dev/shm, then
/// $XDG_RUNTIME_DIR/shm-video, else /tmp/shm-video-UID. Creates nothing.
SHMVIDEO_EXPORT std::vector<Place> candidate_places();

/// The first candidate that a new segment can be created in; a private fall-back is created (0700)
/// when needed and refused when it is a link or somebody else's. Throws Error(no_place).
SHMVIDEO_EXPORT Place writable_place();

/// One segment file that was found.
struct FoundSegment {
  SegmentName name;
  std::filesystem::path path;
};

/// Every segment (by magic number) in the candidate places, sorted by name; those that cannot be
/// read are left out. A name found in two places is listed once, as readers would find it.
SHMVIDEO_EXPORT std::vector<FoundSegment> list_segments();

}  // namespace shmvideo
