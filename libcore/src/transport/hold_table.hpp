// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "segment/unique_fd.hpp"
#include "shmvideo/layout.h"

namespace shmvideo {

/// The writer's view of who holds what. Used by the publishing thread only; allocates when made.
class HoldTable {
 public:
  /// `fd` is borrowed, -1 when there is no NAME.readers. Entries of other generations are ignored.
  HoldTable(int fd, std::uint32_t slot_count, std::uint64_t generation);

  /// Reads the table anew: one system call, whose cost grows with the highest entry ever taken.
  void refresh() noexcept;
  /// Whether the slot, or frame `number` that is in it (0: none), is held.
  bool is_held(std::uint32_t slot, std::uint64_t number) const noexcept;
  /// The same by anybody alive; entries of dead readers that are met are cleared.
  bool is_held_by_living(std::uint32_t slot, std::uint64_t number) noexcept;
  /// Sum of all requests for a key frame.
  std::uint64_t key_requests() noexcept;

 private:
  void note(std::uint64_t hold) noexcept;
  bool holds(const shmv_reader_entry& entry, std::uint32_t slot, std::uint64_t number) const noexcept;
  bool clear_if_dead(std::uint32_t entry) noexcept;
  int fd_;
  std::uint32_t slot_count_;
  std::uint64_t generation_;
  std::uint32_t entries_in_use_ = 0;
  std::unique_ptr<shmv_reader_entry[]> entries_;
  std::vector<std::uint64_t> held_;  // slots, a bit each
  std::vector<std::uint64_t>
      numbers_;  // hold words that name a frame; never grows beyond what it has room for
};

}  // namespace shmvideo
