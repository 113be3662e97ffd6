// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo::codec {

/// Between limited (luma 16 to 235, chroma 16 to 240) and full range (0 to 255), for rows of samples.
/// `from` and `to` may be the same.
void luma_to_full(const std::uint8_t* from, std::uint8_t* to, int count) noexcept;
void luma_to_limited(const std::uint8_t* from, std::uint8_t* to, int count) noexcept;
void chroma_to_full(const std::uint8_t* from, std::uint8_t* to, int count) noexcept;
void chroma_to_limited(const std::uint8_t* from, std::uint8_t* to, int count) noexcept;

}  // namespace shmvideo::codec
