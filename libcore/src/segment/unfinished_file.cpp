// SPDX-License-Identifier: Apache-2.0
#include "segment/unfinished_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "segment/system_error.hpp"

namespace shmvideo {
namespace {

/// The only way to give an unnamed file a name without a capability leads through /proc.
std::string path_of(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

UniqueFd open_unnamed(const SegmentPaths& paths) {
  UniqueFd fd(::open(paths.segment.parent_path().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (fd && ::access(path_of(fd.get()).c_str(), F_OK) != 0) fd.reset();
  return fd;
}

}  // namespace

UnfinishedFile::UnfinishedFile(const SegmentPaths& paths, mode_t mode, gid_t group)
    : paths_(paths), fd_(open_unnamed(paths)) {
  // One that is there was left by a writer that was killed in the moment before it got its name.
  ::unlink(paths_.unfinished.c_str());
  if (!fd_) {
    fd_ =
        UniqueFd(::open(paths_.unfinished.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_CREAT | O_EXCL, 0600));
    if (!fd_) throw system_error("cannot create " + paths_.unfinished.string(), errno);
    is_named_ = true;
  }
  // fchown and fchmod of the file rather than umask of the process: the process is not ours.
  const bool is_owned =
      group == static_cast<gid_t>(-1) || ::fchown(fd_.get(), static_cast<uid_t>(-1), group) == 0;
  if (is_owned && ::fchmod(fd_.get(), mode) == 0) return;
  const int number = errno;
  if (is_named_) ::unlink(paths_.unfinished.c_str());
  if (is_owned) throw system_error("cannot set the segment's mode", number);
  throw Error(ErrorCode::permission_denied,
              "cannot give the segment to group " + std::to_string(group) + ": be a member of it, or root",
              number);
}

UnfinishedFile::~UnfinishedFile() {
  if (is_named_) ::unlink(paths_.unfinished.c_str());
}

bool UnfinishedFile::finish() noexcept {
  // Named first, renamed then: a link cannot replace what is there, and readers must never find nothing.
  if (!is_named_ && ::linkat(AT_FDCWD, path_of(fd_.get()).c_str(), AT_FDCWD, paths_.unfinished.c_str(),
                             AT_SYMLINK_FOLLOW) != 0)
    return false;
  is_named_ = ::rename(paths_.unfinished.c_str(), paths_.segment.c_str()) != 0;
  return !is_named_;
}

}  // namespace shmvideo
