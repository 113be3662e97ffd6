// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shmvideo/layout.h"

namespace shmvideo {

/// What a coded or raw frame is called by: four ASCII characters, first one lowest ('N','V','1','2').
constexpr std::uint32_t make_fourcc(char a, char b, char c, char d) {
  return static_cast<std::uint8_t>(a) | static_cast<std::uint32_t>(static_cast<std::uint8_t>(b)) << 8 |
         static_cast<std::uint32_t>(static_cast<std::uint8_t>(c)) << 16 |
         static_cast<std::uint32_t>(static_cast<std::uint8_t>(d)) << 24;
}

/// Everything about one frame but its bytes; a plain value, valid for ever.
/// The writer fills the fields of the second block; publishing fills those of the first.
struct FrameInfo {
  std::uint64_t number = 0;  ///< 1, 2, 3, ... per name, going on across restarts.
  std::uint64_t generation = 0;
  std::uint64_t publish_monotonic_ns = 0;
  std::uint64_t key_number = 0;  ///< The key frame that is needed to decode this one.
  std::uint32_t format_epoch = 0;

  std::uint64_t payload_bytes = 0;
  std::uint32_t fourcc = 0;
  std::uint32_t width = 0;   ///< pixels
  std::uint32_t height = 0;  ///< pixels
  std::uint32_t flags = SHMV_FRAME_KEY;
  std::uint32_t plane_count = 0;                              ///< 0: one opaque run of bytes (coded).
  std::array<std::uint64_t, SHMV_PLANES_MAX> plane_offset{};  ///< bytes from the payload's start
  std::array<std::uint32_t, SHMV_PLANES_MAX> plane_stride{};  ///< bytes from row to row
  std::uint64_t capture_monotonic_ns = 0;                     ///< 0 when publishing: now.
  std::uint64_t capture_realtime_ns = 0;  ///< 0 when publishing: derived from the monotonic time.
  std::int64_t pts = SHMV_NO_TIME;
  std::int64_t dts = SHMV_NO_TIME;
  std::int64_t duration = 0;
  std::uint32_t timebase_numerator = 0;
  std::uint32_t timebase_denominator = 0;
  std::uint64_t source_number = 0;
  std::uint8_t colour_range = 0;      ///< 0 unknown, 1 limited, 2 full
  std::uint8_t colour_primaries = 2;  ///< ISO/IEC 23091-2 code point; 2: unspecified
  std::uint8_t colour_transfer = 2;
  std::uint8_t colour_matrix = 2;

  bool is_key() const noexcept { return flags & SHMV_FRAME_KEY; }
  bool is_end_of_stream() const noexcept { return flags & SHMV_FRAME_END_OF_STREAM; }
};

/// What a segment is made for. The frame's own description stands with each frame; this is the
/// promise that readers can prepare for.
struct StreamInfo {
  std::uint32_t kind = SHMV_KIND_RAW;
  std::uint32_t fourcc = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t fps_numerator = 0;  ///< 0: unknown or variable
  std::uint32_t fps_denominator = 1;
  bool operator==(const StreamInfo&) const = default;
};

}  // namespace shmvideo
