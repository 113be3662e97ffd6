// SPDX-License-Identifier: Apache-2.0
// The content of the frames that shm-bench publishes itself, made so that any mixture of two shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace shmvideo::bench {

/// What the content of one frame follows from: its number, and the writer's epoch (which differs from
/// run to run, so that an old frame with the same number is another one).
std::uint64_t stamp_seed(std::uint64_t number, std::uint64_t epoch) noexcept;

/// Fills `bytes` (which begin on 8 bytes) with 64-bit words that follow from the seed and their place.
void fill_stamps(std::span<std::byte> bytes, std::uint64_t seed) noexcept;

/// True if the first word of each cache line is what fill_stamps() put there, and the last word and what
/// is behind it too.
///
/// That suffices: memory goes from core to core in whole lines, and fill_stamps() overwrites each line
/// from its first word on. So whoever could see a byte of another frame in a line finds the other frame in
/// its first word as well. Only a copy that is overtaken within one line could have half of that line
/// from the one frame and half from the other; everything behind that line is then the other frame's
/// and shows, and behind the very last line there is the last word. It reads one word in eight, which
/// takes three quarters of the time of reading all.
bool has_stamps(std::span<const std::byte> bytes, std::uint64_t seed) noexcept;

}  // namespace shmvideo::bench
