// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

#include "shmvideo/export.hpp"
#include "shmvideo/frame_info.hpp"
#include "shmvideo/pixel_format.hpp"

namespace shmvideo {

/// Planes of a raw picture in somebody else's memory: valid as long as that is. Trivially copyable.
template <typename Byte>
struct BasicPicture {
  PixelFormat format = PixelFormat::bgr24;
  std::uint32_t width = 0;   ///< pixels
  std::uint32_t height = 0;  ///< pixels
  std::array<Byte*, 3> plane{};
  std::array<std::uint32_t, 3> stride{};  ///< bytes from row to row
  /// Of the YUV formats: 0 to 255 as in JPEG, instead of luma 16 to 235 as in video and from most
  /// cameras. GRAY8 is always 0 to 255.
  bool is_full_range = false;

  /// Read-only view of a writable one.
  operator BasicPicture<const Byte>() const noexcept requires(!std::is_const_v<Byte>) {
    return {format, width, height, {plane[0], plane[1], plane[2]}, stride, is_full_range};
  }
};
using Picture = BasicPicture<const std::byte>;
using MutablePicture = BasicPicture<std::byte>;

/// The tightly packed layout of a raw picture: fills fourcc, size, planes, payload_bytes and the colour
/// range (YUV formats: limited, others: full) of a FrameInfo. Throws nothing; a size of 0 or above
/// SHMV_DIMENSION_MAX gives payload_bytes 0.
SHMVIDEO_EXPORT FrameInfo packed_frame_info(PixelFormat format, std::uint32_t width,
                                            std::uint32_t height) noexcept;

/// Sees a raw frame's payload as a picture: nothing if the format is unknown or coded, if the number
/// of planes is not the format's, if a stride is shorter than a row, or if any row of any plane would
/// end outside `bytes`. The check that makes foreign descriptors safe. The picture points into `bytes`.
SHMVIDEO_EXPORT std::optional<Picture> as_picture(const FrameInfo& info,
                                                  std::span<const std::byte> bytes) noexcept;
SHMVIDEO_EXPORT std::optional<MutablePicture> as_picture(const FrameInfo& info,
                                                         std::span<std::byte> bytes) noexcept;

}  // namespace shmvideo
