// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "segment/companions.hpp"
#include "segment/unique_fd.hpp"

namespace shmvideo {

/// The exclusive right to write under a name: an OFD lock on NAME.lock, which the kernel ends with the
/// process, however that ends. Closing the file (the destructor) gives it up.
class NameLock {
 public:
  /// Throws Error: writer_exists (with the first writer's pid, as its segment says it),
  /// owned_by_other_user, permission_denied, system.
  static NameLock acquire(const SegmentPaths& paths);
  /// Removes the lock file itself; the last thing that a writer does that stops in good order.
  void unlink(const SegmentPaths& paths) noexcept;

 private:
  explicit NameLock(UniqueFd fd) noexcept : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace shmvideo
