// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "segment/system_error.hpp"
#include "shmvideo/name.hpp"

namespace shmvideo {
namespace {

std::string environment(const char* variable) {
  const char* value = ::secure_getenv(variable);
  return value ? value : "";
}

/// Empty if segments can be created in `directory`, else why not.
std::string why_unusable(const std::filesystem::path& directory) {
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) return std::strerror(errno);
  if (!S_ISDIR(status.st_mode)) return "not a directory";
  if (::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0) return std::strerror(errno);
  return "";
}

/// A per-user folder must be a real folder of ours that nobody else can write: /tmp is open to all,
/// and whoever put a link or a folder there first would else own our segments.
std::string why_private_unusable(const std::filesystem::path& directory) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return std::strerror(errno);
  struct stat status {};
  if (::lstat(directory.c_str(), &status) != 0) return std::strerror(errno);
  if (!S_ISDIR(status.st_mode)) return "it is a link or a file, not a directory";
  if (status.st_uid != ::geteuid()) return "it belongs to another user";
  if (status.st_mode & 0077) return "other users have access to it";
  return why_unusable(directory);
}

}  // namespace

std::vector<Place> candidate_places() {
  if (auto chosen = environment("SHM_VIDEO_DIR"); !chosen.empty()) return {{chosen, false, ""}};
  std::vector<Place> places{{"/dev/shm", false, ""}};
  if (auto runtime = environment("XDG_RUNTIME_DIR"); !runtime.empty())
    places.push_back({std::filesystem::path(runtime) / "shm-video", true, ""});
  else
    places.push_back({"/tmp/shm-video-" + std::to_string(::geteuid()), true, ""});
  return places;
}

Place writable_place() {
  std::string reasons;
  for (Place& place : candidate_places()) {
    const std::string why =
        place.is_private ? why_private_unusable(place.directory) : why_unusable(place.directory);
    if (why.empty()) {
      place.reason = reasons;
      return place;
    }
    if (!reasons.empty()) reasons += "; ";
    reasons += place.directory.string() + ": " + why;
  }
  throw Error(ErrorCode::no_place,
              "no directory is usable for segments (" + reasons + "); set SHM_VIDEO_DIR to one that is");
}

}  // namespace shmvideo
