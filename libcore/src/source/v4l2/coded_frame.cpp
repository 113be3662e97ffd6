// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/coded_frame.hpp"

#include <optional>

namespace shmvideo::source {
namespace {

// Types of NAL units: ITU-T H.264 table 7-1, H.265 table 7-1.
constexpr unsigned kH264Slice = 1;
constexpr unsigned kH264KeySlice = 5;
constexpr unsigned kH265SliceLast = 31;
constexpr unsigned kH265KeyFirst = 16;
constexpr unsigned kH265KeyLast = 23;

/// What a unit that starts with this byte says; nothing if it is no slice.
std::optional<bool> is_key_slice(PixelFormat format, std::byte head) {
  const auto bits = std::to_integer<unsigned>(head);
  if (format == PixelFormat::h264) {
    const unsigned type = bits & 0x1f;
    if (type < kH264Slice || type > kH264KeySlice) return std::nullopt;
    return type == kH264KeySlice;
  }
  const unsigned type = bits >> 1 & 0x3f;
  if (type > kH265SliceLast) return std::nullopt;
  return type >= kH265KeyFirst && type <= kH265KeyLast;
}

}  // namespace

bool is_key_frame(PixelFormat format, std::span<const std::byte> frame) noexcept {
  if (format != PixelFormat::h264 && format != PixelFormat::h265) return true;
  constexpr std::size_t kStartCode = 3;
  for (std::size_t i = 0; i + kStartCode < frame.size(); ++i) {
    if (frame[i] != std::byte{0} || frame[i + 1] != std::byte{0} || frame[i + 2] != std::byte{1}) continue;
    if (const auto is_key = is_key_slice(format, frame[i + kStartCode])) return *is_key;
  }
  return false;
}

}  // namespace shmvideo::source
