// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "shmvideo/export.hpp"
#include "shmvideo/frame_info.hpp"

namespace shmvideo {

/// The formats of frames. The raw ones are laid out as V4L2 and FFmpeg lay them out.
enum class PixelFormat : std::uint8_t {
  bgr24,  ///< B G R, 8 bits each
  rgb24,  ///< R G B, 8 bits each
  gray8,  ///< one plane of luma
  yuyv,   ///< Y0 U Y1 V, 4:2:2 packed
  uyvy,   ///< U Y0 V Y1, 4:2:2 packed
  nv12,   ///< a plane of Y, a plane of U V pairs, 4:2:0
  i420,   ///< planes of Y, U, V, 4:2:0
  jpeg,   ///< coded: one JPEG picture per frame
  h264,   ///< coded: Annex B
  h265,   ///< coded: Annex B
};

/// How one plane of a raw format follows from the picture's size.
struct PlaneShape {
  std::uint8_t bytes_per_group;  ///< of `pixels_per_group` pixels
  std::uint8_t pixels_per_group;
  std::uint8_t horizontal_shift;  ///< plane width = ceil(width / 2^shift)
  std::uint8_t vertical_shift;    ///< plane height = ceil(height / 2^shift)
};

/// Everything that is to be known of a format; the only table of formats there is.
struct PixelFormatInfo {
  PixelFormat format;
  std::string_view name;     ///< as options and JSON spell it, upper case ("BGR24")
  std::string_view aliases;  ///< further spellings, blank-separated, upper case
  std::uint32_t fourcc;      ///< as it stands in a descriptor (V4L2's where V4L2 has one)
  std::uint8_t plane_count;  ///< 0: coded
  PlaneShape planes[3];
  std::string_view description;
};

SHMVIDEO_EXPORT std::span<const PixelFormatInfo> pixel_formats() noexcept;
SHMVIDEO_EXPORT const PixelFormatInfo& info_of(PixelFormat format) noexcept;
SHMVIDEO_EXPORT std::optional<PixelFormat> pixel_format_from_fourcc(std::uint32_t fourcc) noexcept;
/// Case does not matter; aliases count.
SHMVIDEO_EXPORT std::optional<PixelFormat> pixel_format_from_name(std::string_view name) noexcept;
inline bool is_coded(PixelFormat format) noexcept { return info_of(format).plane_count == 0; }

/// Bytes in a row of a plane, and its rows. Sizes up to SHMV_DIMENSION_MAX cannot overflow.
SHMVIDEO_EXPORT std::uint32_t plane_row_bytes(PixelFormat format, unsigned plane,
                                              std::uint32_t width) noexcept;
SHMVIDEO_EXPORT std::uint32_t plane_rows(PixelFormat format, unsigned plane, std::uint32_t height) noexcept;

}  // namespace shmvideo
