// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace shmvideo_test {

/// A whole reader, told by `bytes` what to do, of a segment that is changed meanwhile as `bytes` says.
/// Returns how many frames it was given; aborts when it is given what it must not be. Throws nothing.
std::size_t reader_pass(std::span<const std::uint8_t> bytes);

}  // namespace shmvideo_test
