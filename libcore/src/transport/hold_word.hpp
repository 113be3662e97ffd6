// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "segment/generation.hpp"
#include "shmvideo/layout.h"

namespace shmvideo {

/// What a reader writes into one of its hold words: which frame the writer is to go round. By the slot that
/// the frame is in, which every writer understands; or by the frame's number, which can be written before
/// the frame exists, and which holds nothing any more once the frame is gone.
constexpr std::uint64_t hold_of_slot(std::uint32_t slot) noexcept { return std::uint64_t{slot} + 1; }
constexpr std::uint64_t hold_of_number(std::uint64_t number) noexcept { return SHMV_HOLD_BY_NUMBER | number; }
constexpr bool is_hold_of_number(std::uint64_t word) noexcept { return (word & SHMV_HOLD_BY_NUMBER) != 0; }

/// True if the writer of this generation honours holds by number.
inline bool knows_holds_by_number(const Generation& generation) noexcept {
  return generation.knows_holds_by_number();
}

}  // namespace shmvideo
