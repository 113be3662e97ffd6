// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "shmvideo/pixel_format.hpp"
#include "source/v4l2/modes.hpp"

namespace shmvideo::source {

struct ModeWish {
  PictureSize size;  ///< 0x0: any; the camera's own then decides, see `present`
  FrameRate rate{0, 1};
  PixelFormat format = PixelFormat::bgr24;
  bool is_copying = false;
  PictureSize present;  ///< the size that the camera stands at
};

/// What becomes of the camera's frames.
enum class FrameUse {
  pass,     ///< raw, as wished: copied into the slot
  convert,  ///< raw, converted to what is wished
  decode,   ///< JPEG, decoded to what is wished
  copy,     ///< coded, passed on as it is
};

struct ModeChoice {
  std::uint32_t fourcc = 0;  ///< V4L2's
  PixelFormat format = PixelFormat::bgr24;
  FrameUse use = FrameUse::pass;
  PictureSize size;
  FrameRate rate{0, 1};  ///< numerator 0: the driver does not say what there is
  std::string reason;    ///< why this one, as a clause: "no raw format reaches 30/s at this size"
};

/// The best mode for a wish. The nearest size comes first; then a rate that is reached (15/s where none
/// is asked for); then raw frames that need no conversion, raw ones that do, JPEG; with is_copying JPEG,
/// H.264 and H.265 alone. Nothing if the camera has no format that can be used.
std::optional<ModeChoice> choose_mode(std::span<const CameraFormat> formats, const ModeWish& wish);

/// Our format for one of V4L2's; nothing if we have none.
std::optional<PixelFormat> known_format(std::uint32_t fourcc) noexcept;

}  // namespace shmvideo::source
