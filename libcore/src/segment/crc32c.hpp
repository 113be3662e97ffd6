// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace shmvideo {

/// CRC-32C (Castagnoli polynomial 0x1EDC6F41, reflected; RFC 3720 appendix B.4 has test vectors).
std::uint32_t crc32c(const void* data, std::size_t bytes) noexcept;

}  // namespace shmvideo
