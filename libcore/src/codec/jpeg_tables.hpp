// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace shmvideo::codec {

/// Many cameras, and AVI files of theirs, leave out of each JPEG picture the Huffman tables that all of them
/// share. Decoders of motion JPEG know them; browsers and most other programs show nothing without.

/// How many bytes copy_with_jpeg_tables() adds.
extern const std::size_t kJpegTablesBytes;
/// Where the tables belong in a picture that has none, in front of its first scan; nothing if it has tables,
/// or is no JPEG picture whose segments can be followed.
std::optional<std::size_t> place_for_jpeg_tables(std::span<const std::byte> jpeg) noexcept;
/// Copies a picture with the tables put in at `place`. `to` has room for both.
void copy_with_jpeg_tables(std::span<const std::byte> jpeg, std::size_t place,
                           std::span<std::byte> to) noexcept;

}  // namespace shmvideo::codec
