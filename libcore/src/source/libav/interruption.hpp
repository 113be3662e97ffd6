// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "segment/unique_fd.hpp"

namespace shmvideo::source::media {

/// The one word that ends everything a source waits for: a flag for those who ask now and then, and a
/// descriptor for those who poll. Once set it stays so. Thread-safe.
class Interruption {
 public:
  Interruption();  ///< Throws Error(system).
  void set() noexcept;
  bool is_set() const noexcept { return is_set_.load(std::memory_order_acquire); }
  int descriptor() const noexcept { return event_.get(); }  ///< readable once it is set

 private:
  std::atomic<bool> is_set_{false};
  UniqueFd event_;
};

}  // namespace shmvideo::source::media
