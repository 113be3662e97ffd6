// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/parameters.hpp"

#include <new>

#include "codec/libav/formats.hpp"

extern "C" {
#include <libavcodec/codec_par.h>
#include <libavutil/pixfmt.h>
}

namespace shmvideo::sink {

void ParametersDeleter::operator()(AVCodecParameters* parameters) const noexcept {
  avcodec_parameters_free(&parameters);
}

int colour_range_of(const RecordedFrame& first) noexcept {
  return first.plan.is_full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
}

int colour_matrix_of(const RecordedFrame& first) noexcept {
  switch (first.plan.format) {
    case PixelFormat::bgr24:
    case PixelFormat::rgb24:
      return AVCOL_SPC_RGB;
    case PixelFormat::gray8:
      return AVCOL_SPC_UNSPECIFIED;
    default:
      return first.colour_matrix;
  }
}

OwnedParameters make_parameters(const RecordedFrame& first, int codec_id) {
  OwnedParameters parameters(avcodec_parameters_alloc());
  if (!parameters) throw std::bad_alloc();
  const bool is_raw = !is_coded(first.plan.format);
  parameters->codec_type = AVMEDIA_TYPE_VIDEO;
  parameters->codec_id = static_cast<AVCodecID>(codec_id);
  parameters->width = static_cast<int>(first.plan.width);
  parameters->height = static_cast<int>(first.plan.height);
  if (is_raw) {
    parameters->format = codec::libav::pixel_format_of(first.plan.format);
    parameters->color_range = static_cast<AVColorRange>(colour_range_of(first));
    parameters->color_space = static_cast<AVColorSpace>(colour_matrix_of(first));
  }
  if (codec_id == AV_CODEC_ID_MJPEG) {
    parameters->color_range = AVCOL_RANGE_JPEG;
    parameters->color_space = AVCOL_SPC_BT470BG;  // BT.601, as JFIF has it
  }
  return parameters;
}

}  // namespace shmvideo::sink
