// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shmvideo/frame_info.hpp"
#include "shmvideo/layout.h"

namespace shmvideo {

/// shmv_descriptor.sequence: which frame is in the slot, and what is being done to it (SHMV_SLOT_*).
constexpr std::uint64_t sequence_word(std::uint64_t number, std::uint64_t slot_state) {
  return number << 2 | slot_state;
}
constexpr std::uint64_t frame_number_of(std::uint64_t sequence) { return sequence >> 2; }
constexpr std::uint64_t slot_state_of(std::uint64_t sequence) { return sequence & 3; }

/// A frame's description as it stands in its slot; all but the sequence word.
shmv_descriptor to_descriptor(const FrameInfo& info) noexcept;
/// The way back, into what the caller shows. `descriptor` is a private copy, which may hold anything: see
/// is_consistent().
void to_info(const shmv_descriptor& descriptor, std::uint64_t number, std::uint64_t generation,
             FrameInfo& info) noexcept;
/// Whether payload, planes and sizes fit a slot and each other. What writers may publish is what readers
/// believe.
bool is_consistent(const FrameInfo& info, std::uint64_t slot_capacity_bytes) noexcept;

}  // namespace shmvideo
