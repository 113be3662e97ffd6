// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "segment/companions.hpp"
#include "segment/unique_fd.hpp"

namespace shmvideo {

/// Tells one start of a writer from all others; stands in the header of all its generations.
using StreamUuid = std::array<std::uint8_t, 16>;

/// The exclusive right to write under a name: an OFD lock on NAME.lock, which the kernel ends with the
/// process, however that ends. Closing the file (the destructor) gives it up.
class NameLock {
 public:
  /// `holder` is what the holder's segment will have in its header; zeros for one who makes none.
  /// Throws Error: writer_exists (with the first writer's pid, as it says it), owned_by_other_user,
  /// permission_denied, system.
  /// One that is just ending gets `patience` to let go: restarts follow each other closely.
  static NameLock acquire(const SegmentPaths& paths, const StreamUuid& holder,
                          std::chrono::milliseconds patience = std::chrono::milliseconds(200));
  /// False once the file is gone from its path: others lock another one, or none.
  bool is_at(const SegmentPaths& paths) const noexcept;
  /// Removes the lock file itself; the last thing that a writer does that stops in good order.
  void unlink(const SegmentPaths& paths) noexcept;

 private:
  explicit NameLock(UniqueFd fd) noexcept : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace shmvideo
