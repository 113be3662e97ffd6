// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "segment/generation.hpp"
#include "shmvideo/frame_info.hpp"
#include "transport/registration.hpp"

namespace shmvideo {

/// The reader's half of the frame protocol within one generation.
namespace ring {

/// Where a frame was found.
struct Found {
  std::uint32_t slot = 0;
  int hold = -1;  ///< index of the hold in the registration, -1: none
};

/// A hold of the registration that no frame has: made for frame `number` before that was published, or left
/// over from a frame that is done with (`number` 0).
struct SpareHold {
  int index = -1;  ///< -1: there is none
  std::uint64_t number = 0;
};

enum class Outcome {
  found,
  absent,   ///< not in the ring any more, or not yet
  torn,     ///< overwritten while we looked at it
  corrupt,  ///< there, but its description does not fit its slot
};

/// Number of the newest frame, 0: none. Never beyond SHMV_FRAME_NUMBER_MAX, whatever the header says.
std::uint64_t latest(const Generation& generation) noexcept;
/// The smallest number that the index can still name.
std::uint64_t oldest_possible(const Generation& generation, std::uint64_t latest) noexcept;

/// Finds frame `number`, holds it if there is a registration to hold by (with `spare`, if there is one, which
/// is then used up), and copies its description into `info` and checks it. Unless it is found, `info` may be
/// anything.
Outcome acquire(const Generation& generation, std::uint64_t number, Registration* registration, Found& found,
                FrameInfo& info, SpareHold* spare = nullptr) noexcept;

/// True as long as no byte of frame `number` in `slot` was overwritten. Orders after all reads of the
/// payload that came before.
bool is_intact(const Generation& generation, std::uint32_t slot, std::uint64_t number) noexcept;

}  // namespace ring
}  // namespace shmvideo
