// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/pixel_format.hpp"

#include <algorithm>
#include <array>

namespace shmvideo {
namespace {

constexpr PlaneShape kLuma{1, 1, 0, 0};
constexpr PlaneShape kHalfChroma{1, 1, 1, 1};
constexpr PlaneShape kHalfChromaPairs{2, 1, 1, 1};
constexpr PlaneShape kThreeBytes{3, 1, 0, 0};
constexpr PlaneShape kPackedPairs{4, 2, 0, 0};

// In the order of the enum, so that a format is its own index.
constexpr std::array<PixelFormatInfo, 10> kFormats{{
    {PixelFormat::bgr24,
     "BGR24",
     "BGR BGR3",
     make_fourcc('B', 'G', 'R', '3'),
     1,
     {kThreeBytes},
     "blue, green, red, 8 bits each"},
    {PixelFormat::rgb24,
     "RGB24",
     "RGB RGB3",
     make_fourcc('R', 'G', 'B', '3'),
     1,
     {kThreeBytes},
     "red, green, blue, 8 bits each"},
    {PixelFormat::gray8,
     "GRAY8",
     "GREY GRAY GREY8 Y8",
     make_fourcc('G', 'R', 'E', 'Y'),
     1,
     {kLuma},
     "8 bits of luma"},
    {PixelFormat::yuyv,
     "YUYV",
     "YUY2 YUYV422",
     make_fourcc('Y', 'U', 'Y', 'V'),
     1,
     {kPackedPairs},
     "4:2:2, Y U Y V in one plane"},
    {PixelFormat::uyvy,
     "UYVY",
     "UYVY422",
     make_fourcc('U', 'Y', 'V', 'Y'),
     1,
     {kPackedPairs},
     "4:2:2, U Y V Y in one plane"},
    {PixelFormat::nv12,
     "NV12",
     "",
     make_fourcc('N', 'V', '1', '2'),
     2,
     {kLuma, kHalfChromaPairs},
     "4:2:0, a plane of Y, a plane of U V pairs"},
    {PixelFormat::i420,
     "I420",
     "YU12 YUV420 YUV420P",
     make_fourcc('Y', 'U', '1', '2'),
     3,
     {kLuma, kHalfChroma, kHalfChroma},
     "4:2:0, planes of Y, U and V"},
    {PixelFormat::jpeg,
     "JPEG",
     "MJPEG MJPG JPG",
     make_fourcc('M', 'J', 'P', 'G'),
     0,
     {},
     "coded: a JPEG picture a frame"},
    {PixelFormat::h264, "H264", "H.264 AVC", make_fourcc('H', '2', '6', '4'), 0, {}, "coded: H.264, Annex B"},
    {PixelFormat::h265,
     "H265",
     "H.265 HEVC",
     make_fourcc('H', 'E', 'V', 'C'),
     0,
     {},
     "coded: H.265, Annex B"},
}};

constexpr bool is_in_enum_order() {
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    if (static_cast<std::size_t>(kFormats[i].format) != i) return false;
  }
  return true;
}
static_assert(is_in_enum_order());

// Not std::toupper, which depends on the process's locale.
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool equals_upper(std::string_view text, std::string_view upper_case) {
  return std::ranges::equal(text, upper_case, [](char a, char b) { return upper(a) == b; });
}

bool is_among(std::string_view text, std::string_view words) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (equals_upper(text, words.substr(0, end))) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

constexpr std::uint32_t shift_up(std::uint32_t value, unsigned shift) {
  return (value + (1U << shift) - 1) >> shift;
}

}  // namespace

std::span<const PixelFormatInfo> pixel_formats() noexcept { return kFormats; }

const PixelFormatInfo& info_of(PixelFormat format) noexcept {
  return kFormats[static_cast<std::size_t>(format)];
}

std::optional<PixelFormat> pixel_format_from_fourcc(std::uint32_t fourcc) noexcept {
  for (const PixelFormatInfo& info : kFormats) {
    if (info.fourcc == fourcc) return info.format;
  }
  return std::nullopt;
}

std::optional<PixelFormat> pixel_format_from_name(std::string_view name) noexcept {
  for (const PixelFormatInfo& info : kFormats) {
    if (equals_upper(name, info.name) || is_among(name, info.aliases)) return info.format;
  }
  return std::nullopt;
}

std::uint32_t plane_row_bytes(PixelFormat format, unsigned plane, std::uint32_t width) noexcept {
  const PixelFormatInfo& info = info_of(format);
  if (plane >= info.plane_count) return 0;
  const PlaneShape& shape = info.planes[plane];
  const std::uint32_t pixels = shift_up(width, shape.horizontal_shift);
  return (pixels + shape.pixels_per_group - 1U) / shape.pixels_per_group * shape.bytes_per_group;
}

std::uint32_t plane_rows(PixelFormat format, unsigned plane, std::uint32_t height) noexcept {
  const PixelFormatInfo& info = info_of(format);
  return plane < info.plane_count ? shift_up(height, info.planes[plane].vertical_shift) : 0;
}

}  // namespace shmvideo
