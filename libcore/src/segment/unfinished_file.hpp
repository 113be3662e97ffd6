// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include "segment/companions.hpp"
#include "segment/unique_fd.hpp"

namespace shmvideo {

/// The file of a segment that is not finished yet. It has no name where the system can do that, so that
/// nothing is left if its maker is killed; else the one temporary name that only the holder of the name's
/// lock uses. Goes with its destructor unless it got its name.
class UnfinishedFile {
 public:
  /// Empty, with the given mode and group (-1: leave it). Throws Error: permission_denied, system.
  UnfinishedFile(const SegmentPaths& paths, mode_t mode, gid_t group);
  ~UnfinishedFile();
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;

  int fd() const noexcept { return fd_.get(); }
  /// Puts it under the segment's name, in the place of whatever was there. False: errno says why.
  bool finish() noexcept;

 private:
  SegmentPaths paths_;
  UniqueFd fd_;
  bool is_named_ = false;  // has the temporary name
};

}  // namespace shmvideo
