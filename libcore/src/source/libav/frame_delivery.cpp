// SPDX-License-Identifier: Apache-2.0
#include "source/libav/frame_delivery.hpp"

#include "codec/libav/formats.hpp"

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

namespace shmvideo::source::media {

namespace av = codec::libav;

namespace {

/// Formats whose names say full range are the same without it, given the range apart.
int plain_format(int format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ422P:
      return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
      return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P:
      return AV_PIX_FMT_YUV440P;
    default:
      return format;
  }
}

/// The matrix is the frame's own; the range of each side as it is. RGB is full range on both sides.
void set_colours(SwsContext* scaler, const AVFrame& frame, bool is_to_full) {
  const bool is_from_full =
      frame.color_range == AVCOL_RANGE_JPEG || plain_format(frame.format) != frame.format;
  const int matrix = frame.colorspace == AVCOL_SPC_UNSPECIFIED ? SWS_CS_DEFAULT : frame.colorspace;
  const int* from = sws_getCoefficients(matrix);
  const int* to = sws_getCoefficients(SWS_CS_DEFAULT);
  sws_setColorspaceDetails(scaler, from, is_from_full ? 1 : 0, to, is_to_full ? 1 : 0, 0, 1 << 16, 1 << 16);
}

}  // namespace

FrameDelivery::FrameDelivery() noexcept = default;
FrameDelivery::~FrameDelivery() { sws_freeContext(scaler_); }

bool FrameDelivery::deliver(const AVFrame& frame, const MutablePicture& to) noexcept {
  const auto ours = av::as_picture(frame);
  // Where the formats are the same this copies: the decoder's frames are what it predicts others from,
  // so that they cannot lie in a slot, which is overwritten.
  return ours ? converter_.convert(*ours, to) : deliver_foreign(frame, to);
}

bool FrameDelivery::prepare_scratch(const MutablePicture& like) noexcept {
  const int format = av::pixel_format_of(like.format);
  const int width = static_cast<int>(like.width);
  const int height = static_cast<int>(like.height);
  if (scratch_ && scratch_->format == format && scratch_->width == width && scratch_->height == height) {
    return true;
  }
  scratch_.reset(av_frame_alloc());
  if (!scratch_) return false;
  scratch_->format = format;
  scratch_->width = width;
  scratch_->height = height;
  if (av_frame_get_buffer(scratch_.get(), 0) == 0) return true;
  scratch_.reset();
  return false;
}

bool FrameDelivery::deliver_foreign(const AVFrame& frame, const MutablePicture& to) noexcept {
  const auto from_format = static_cast<AVPixelFormat>(plain_format(frame.format));
  const auto to_format = static_cast<AVPixelFormat>(av::pixel_format_of(to.format));
  if (!prepare_scratch(to) || sws_isSupportedInput(from_format) == 0) return false;
  scaler_ = sws_getCachedContext(scaler_, frame.width, frame.height, from_format, scratch_->width,
                                 scratch_->height, to_format, SWS_BILINEAR, nullptr, nullptr, nullptr);
  if (scaler_ == nullptr) return false;
  set_colours(scaler_, frame, to.is_full_range);
  if (sws_scale(scaler_, frame.data, frame.linesize, 0, frame.height, scratch_->data, scratch_->linesize) <=
      0) {
    return false;
  }
  scratch_->color_range = to.is_full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  // libswscale writes beyond the ends of rows that are not padded, which a slot's are not: hence a frame
  // of its own in between, and a copy.
  const auto done = av::as_picture(*scratch_);
  return done && converter_.convert(*done, to);
}

}  // namespace shmvideo::source::media
