// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace shmvideo_test {

/// Everything that a program may do with a segment that it finds, done to a file of these bytes. With
/// `sign`, magic and checksum are made right first, so that what is behind them is reached. Returns how
/// many frames were found in it; throws nothing.
std::size_t segment_pass(std::span<const std::uint8_t> bytes, bool sign);

/// A small, complete segment with frames in it, to begin from.
std::vector<std::uint8_t> sample_segment();

}  // namespace shmvideo_test
