// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "codec/convert.hpp"
#include "codec/picture_rows.hpp"
#include "shmvideo/picture.hpp"

namespace shmvideo::codec {

/// A picture's rows as a JPEG encoder takes them: kStripRows of luma and half as many of each chroma at a
/// time, in full range, each as long as whole blocks are. Copied, and converted on the way, strip by strip:
/// so they are still in the cache when the encoder reads them, and no picture as a whole is written anywhere.
/// Thread-safety: one thread at a time.
class JpegStrip {
 public:
  /// Begins with `picture` (raw; borrowed until the next begin()). Allocates when a strip of it is
  /// larger than any before. False: out of memory.
  bool begin(const Picture& picture) noexcept;

  /// 1 for GRAY8, else 3.
  unsigned components() const noexcept { return is_gray() ? 1 : 3; }
  /// Luma's rows from `first` on, a multiple of kStripRows below the picture's height, and what chroma they
  /// have: a pointer for each row of each component. Where the picture ends, its last row comes again. Valid
  /// until the next call. Null: the rows cannot be converted.
  unsigned char*** rows(std::uint32_t first) noexcept;

 private:
  bool is_gray() const noexcept { return picture_.format == PixelFormat::gray8; }
  void pad(const MutablePicture& rows) noexcept;

  Picture picture_{};
  PictureConverter converter_;
  std::unique_ptr<std::byte[]> memory_;
  std::size_t memory_bytes_ = 0;
  MutablePicture strip_{};
  std::array<std::array<unsigned char*, kStripRows>, 3> pointers_{};
  std::array<unsigned char**, 3> components_{};
};

}  // namespace shmvideo::codec
