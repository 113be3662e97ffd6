// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "shmvideo/frame_info.hpp"
#include "shmvideo/pixel_format.hpp"

namespace shmvideo::sink {

/// How somebody wants a frame's bytes.
struct RawWish {
  std::optional<PixelFormat> format = std::nullopt;  ///< unset: as it is
  /// Most pixels; 0: as many as the frame has. The ratio stays.
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// What a frame comes to: its description, with the layout of the bytes to be sent. Raw ones are tightly
/// packed, row after row and plane after plane; coded ones that stay what they are keep their bytes. Nothing,
/// and the reason in a sentence, where it cannot be.
std::optional<FrameInfo> raw_form(const FrameInfo& frame, const RawWish& wish, std::string& reason);

/// For frame_tag(): "BGR24-640x480".
std::string raw_form_name(const FrameInfo& form);

/// The header lines that say what the bytes are: X-Format, X-Width, X-Height, X-Strides, X-Offsets and
/// X-Color-Range.
std::string raw_headers(const FrameInfo& form);

/// Makes the bytes: `form` is raw_form() of `frame`, `to` has its payload_bytes. `payload` may change under
/// it (see Frame): what comes out is then no picture, but nothing worse. False, and the reason, on failure.
bool make_raw(const FrameInfo& frame, std::span<const std::byte> payload, const FrameInfo& form,
              std::span<std::byte> to, std::string& reason);

}  // namespace shmvideo::sink
