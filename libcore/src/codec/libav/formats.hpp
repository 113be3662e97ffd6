// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "shmvideo/picture.hpp"

struct AVFrame;

/// Which of FFmpeg's formats are which of ours.
namespace shmvideo::codec::libav {

/// The AVCodecID of a coded format; AV_CODEC_ID_NONE (0) for a raw one.
int codec_id_of(PixelFormat format) noexcept;
/// The coded format that a codec makes; nothing if we have none.
std::optional<PixelFormat> coded_format_of(int codec_id) noexcept;

/// The AVPixelFormat of a raw format; AV_PIX_FMT_NONE (-1) for a coded one.
int pixel_format_of(PixelFormat format) noexcept;
/// The raw format that an AVPixelFormat is, whatever its range; nothing if we have none.
std::optional<PixelFormat> raw_format_of(int av_pixel_format) noexcept;

/// A decoded frame seen as a picture, its range with it. Nothing if its format is none of ours, or its
/// planes are turned upside down. It points into the frame.
std::optional<Picture> as_picture(const AVFrame& frame) noexcept;

}  // namespace shmvideo::codec::libav
