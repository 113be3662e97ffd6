// SPDX-License-Identifier: Apache-2.0
#include "codec/libav/formats.hpp"

#include <algorithm>
#include <iterator>

extern "C" {
#include <libavcodec/codec_id.h>
#include <libavutil/frame.h>
#include <libavutil/pixfmt.h>
}

namespace shmvideo::codec::libav {
namespace {

struct Coded {
  PixelFormat format;
  AVCodecID codec;
};
constexpr Coded kCoded[] = {{PixelFormat::jpeg, AV_CODEC_ID_MJPEG},
                            {PixelFormat::h264, AV_CODEC_ID_H264},
                            {PixelFormat::h265, AV_CODEC_ID_HEVC}};

struct Raw {
  PixelFormat format;
  AVPixelFormat theirs;
};
// The first of several is the one that pixel_format_of() gives.
constexpr Raw kRaw[] = {{PixelFormat::bgr24, AV_PIX_FMT_BGR24},  {PixelFormat::rgb24, AV_PIX_FMT_RGB24},
                        {PixelFormat::gray8, AV_PIX_FMT_GRAY8},  {PixelFormat::yuyv, AV_PIX_FMT_YUYV422},
                        {PixelFormat::uyvy, AV_PIX_FMT_UYVY422}, {PixelFormat::nv12, AV_PIX_FMT_NV12},
                        {PixelFormat::i420, AV_PIX_FMT_YUV420P}, {PixelFormat::i420, AV_PIX_FMT_YUVJ420P}};

}  // namespace

int codec_id_of(PixelFormat format) noexcept {
  const auto* found = std::ranges::find(kCoded, format, &Coded::format);
  return found != std::end(kCoded) ? found->codec : AV_CODEC_ID_NONE;
}

std::optional<PixelFormat> coded_format_of(int codec_id) noexcept {
  const auto* found = std::ranges::find(kCoded, codec_id, [](const Coded& row) -> int { return row.codec; });
  return found != std::end(kCoded) ? std::optional(found->format) : std::nullopt;
}

int pixel_format_of(PixelFormat format) noexcept {
  const auto* found = std::ranges::find(kRaw, format, &Raw::format);
  return found != std::end(kRaw) ? found->theirs : AV_PIX_FMT_NONE;
}

std::optional<PixelFormat> raw_format_of(int av_pixel_format) noexcept {
  const auto* found =
      std::ranges::find(kRaw, av_pixel_format, [](const Raw& row) -> int { return row.theirs; });
  return found != std::end(kRaw) ? std::optional(found->format) : std::nullopt;
}

std::optional<Picture> as_picture(const AVFrame& frame) noexcept {
  const auto format = raw_format_of(frame.format);
  if (!format || frame.width <= 0 || frame.height <= 0) return std::nullopt;
  Picture picture;
  picture.format = *format;
  picture.width = static_cast<std::uint32_t>(frame.width);
  picture.height = static_cast<std::uint32_t>(frame.height);
  picture.is_full_range = frame.color_range == AVCOL_RANGE_JPEG || frame.format == AV_PIX_FMT_YUVJ420P;
  for (unsigned i = 0; i < info_of(*format).plane_count; ++i) {
    if (frame.data[i] == nullptr || frame.linesize[i] <= 0) return std::nullopt;
    picture.plane[i] = reinterpret_cast<const std::byte*>(frame.data[i]);
    picture.stride[i] = static_cast<std::uint32_t>(frame.linesize[i]);
  }
  return picture;
}

}  // namespace shmvideo::codec::libav
