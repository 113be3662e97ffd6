// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>

#include "shmvideo/export.hpp"

namespace shmvideo {

/// Somebody who survives SIGBUS on behalf of the mappings of this library.
///
/// Whoever owns a segment file may truncate it under our mapping, and the next access is SIGBUS. The
/// library never installs a signal handler; a program that wants to live on passes a guard whose
/// handler lays anonymous pages over the whole range and sets `poisoned` (the toolkit's tools do).
/// add() and remove() are called from the threads that attach and detach; both must be thread-safe.
class SHMVIDEO_EXPORT MappingGuard {
 public:
  virtual ~MappingGuard();
  /// `poisoned` lives until remove() of the same address returned.
  virtual void add(void* address, std::size_t bytes, std::atomic<bool>* poisoned) = 0;
  virtual void remove(void* address) noexcept = 0;
};

}  // namespace shmvideo
