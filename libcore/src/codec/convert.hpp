// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "shmvideo/picture.hpp"

namespace shmvideo::codec {

/// Converts pictures between all raw formats, and scales them where the sizes differ.
///
/// YUV is BT.601; the range of each side is its picture's is_full_range. Odd sizes are served, strides
/// are honoured, nothing is read or written outside the rows. Works through strips that stay in the
/// cache; keeps its scratch memory, so that converting allocates nothing once it has seen the size
/// (scaling may, inside libyuv). Thread-safety: one thread at a time.
class PictureConverter {
 public:
  PictureConverter() noexcept;
  ~PictureConverter();
  PictureConverter(PictureConverter&&) noexcept;
  PictureConverter& operator=(PictureConverter&&) noexcept;

  /// The two must not overlap. False: a format is coded, a size is 0, a stride is beyond what the
  /// library underneath can count, or memory ran out; `to` may then be partly written.
  bool convert(const Picture& from, const MutablePicture& to) noexcept;

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace shmvideo::codec
