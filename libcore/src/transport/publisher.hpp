// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "segment/created_segment.hpp"
#include "shmvideo/frame_info.hpp"
#include "transport/hold_table.hpp"

namespace shmvideo {

/// The writer's half of the frame protocol within one generation: which slot to write next, and the
/// order of stores that makes a frame appear whole or not at all. Trusts nothing in shared memory: what
/// it needs to remember it keeps in private memory. One thread; allocates when made only.
class Publisher {
 public:
  /// Borrows both. `latest` is the number of the frame before the first.
  Publisher(CreatedSegment& segment, HoldTable& holds, std::uint64_t latest);

  /// Takes a slot out of use, to be filled: the oldest that nobody holds, else the oldest held one
  /// (revoked, counted). Never the newest frame. Nothing when all are on loan.
  std::optional<std::uint32_t> claim() noexcept;
  /// Gives a claimed slot back; what it held is gone.
  void abandon(std::uint32_t slot) noexcept;
  /// A frame in three steps, of which only the second stands between the caller and the readers. The first:
  /// fetches what the second will write to.
  void approach(std::uint32_t slot) const noexcept;
  /// Makes a claimed and filled slot the newest frame, and changes the word that readers sleep on; the caller
  /// then wakes them. `info` is complete but for number, generation, key_number and format_epoch, which are
  /// set here; returns the number.
  std::uint64_t publish(std::uint32_t slot, FrameInfo& info) noexcept;
  /// After the wake: all that no woken reader needs. `info` is as publish() left it.
  void settle(const FrameInfo& info) noexcept;

  std::uint64_t latest() const noexcept { return latest_; }
  std::uint64_t revoked() const noexcept { return revoked_; }
  bool has_loans() const noexcept { return on_loan_ > 0; }

 private:
  bool is_held(std::uint32_t slot) noexcept;
  bool try_claim(std::uint32_t slot) noexcept;
  void start_writing(std::uint32_t slot) noexcept;
  void unlink(std::uint32_t slot) noexcept;
  void link_before(std::uint32_t slot, std::uint32_t position) noexcept;

  CreatedSegment& segment_;
  HoldTable& holds_;
  std::uint64_t latest_;
  std::uint64_t latest_key_ = 0;
  std::uint32_t latest_slot_;
  std::uint32_t on_loan_ = 0;
  std::uint64_t revoked_ = 0;
  std::uint32_t format_epoch_ = 0;
  FrameInfo previous_;  // to see changes of format
  // Slots that are not on loan, oldest frame first, as a ring of links through the sentinel N.
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> previous_link_;
  std::vector<std::uint64_t> number_;  // the frame in each slot, 0: none
};

}  // namespace shmvideo
