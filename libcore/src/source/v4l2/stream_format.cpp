// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/stream_format.hpp"

#include <fmt/format.h>
#include <linux/videodev2.h>

#include "shmvideo/error.hpp"
#include "shmvideo/picture.hpp"
#include "source/v4l2/device.hpp"

namespace shmvideo::source {
namespace {

// FrameInfo::colour_range and ::colour_matrix
constexpr std::uint8_t kLimitedRange = 1;
constexpr std::uint8_t kFullRange = 2;
constexpr std::uint8_t kMatrixUnspecified = 2;
constexpr std::uint8_t kMatrix601 = 6;
constexpr std::uint8_t kMatrix709 = 1;
constexpr std::uint8_t kMatrix2020 = 9;

bool is_yuv(std::uint32_t fourcc) {
  const auto known = pixel_format_from_fourcc(fourcc);
  return known && !is_coded(*known) && *known != PixelFormat::bgr24 && *known != PixelFormat::rgb24 &&
         *known != PixelFormat::gray8;
}

void read_colours(StreamFormat& format, std::uint32_t colorspace, std::uint32_t encoding,
                  std::uint32_t range) {
  if (!is_yuv(format.fourcc)) return;
  if (range == V4L2_QUANTIZATION_DEFAULT) {
    range = colorspace == V4L2_COLORSPACE_JPEG ? V4L2_QUANTIZATION_FULL_RANGE : V4L2_QUANTIZATION_LIM_RANGE;
  }
  format.colour_range = range == V4L2_QUANTIZATION_FULL_RANGE ? kFullRange : kLimitedRange;
  if (encoding == V4L2_YCBCR_ENC_DEFAULT) encoding = V4L2_MAP_YCBCR_ENC_DEFAULT(colorspace);
  format.colour_matrix = encoding == V4L2_YCBCR_ENC_601      ? kMatrix601
                         : encoding == V4L2_YCBCR_ENC_709    ? kMatrix709
                         : encoding == V4L2_YCBCR_ENC_BT2020 ? kMatrix2020
                                                             : kMatrixUnspecified;
}

bool is_interlaced(std::uint32_t field) {
  return V4L2_FIELD_HAS_BOTH(field) || field == V4L2_FIELD_ALTERNATE;
}

StreamFormat from_kernel(const v4l2_format& answer) {
  StreamFormat format;
  if (answer.type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE) {
    const v4l2_pix_format_mplane& pix = answer.fmt.pix_mp;
    format = {pix.pixelformat,
              {pix.width, pix.height},
              pix.plane_fmt[0].bytesperline,
              pix.plane_fmt[0].sizeimage,
              is_interlaced(pix.field)};
    read_colours(format, pix.colorspace, pix.ycbcr_enc, pix.quantization);
  } else {
    const v4l2_pix_format& pix = answer.fmt.pix;
    format = {
        pix.pixelformat, {pix.width, pix.height}, pix.bytesperline, pix.sizeimage, is_interlaced(pix.field)};
    read_colours(format, pix.colorspace, pix.ycbcr_enc, pix.quantization);
  }
  return format;
}

v4l2_format blank_format(const Device& device) {
  v4l2_format request{};
  request.type = device.buffer_type();
  return request;
}

}  // namespace

StreamFormat read_format(const Device& device) {
  v4l2_format request = blank_format(device);
  if (const int number = device.call(VIDIOC_G_FMT, &request)) {
    fail_device(device.path(), "cannot ask for the picture format of", number);
  }
  return from_kernel(request);
}

StreamFormat set_format(const Device& device, std::uint32_t fourcc, PictureSize size) {
  v4l2_format request = blank_format(device);
  if (request.type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE) {
    request.fmt.pix_mp.width = size.width;
    request.fmt.pix_mp.height = size.height;
    request.fmt.pix_mp.pixelformat = fourcc;
    request.fmt.pix_mp.field = V4L2_FIELD_ANY;
    request.fmt.pix_mp.num_planes = 1;
  } else {
    request.fmt.pix.width = size.width;
    request.fmt.pix.height = size.height;
    request.fmt.pix.pixelformat = fourcc;
    request.fmt.pix.field = V4L2_FIELD_ANY;
  }
  if (const int number = device.call(VIDIOC_S_FMT, &request)) {
    fail_device(device.path(), "cannot set the picture format of", number);
  }
  const StreamFormat format = from_kernel(request);
  const bool is_sane = format.size.width > 0 && format.size.width <= SHMV_DIMENSION_MAX &&
                       format.size.height > 0 && format.size.height <= SHMV_DIMENSION_MAX &&
                       format.fourcc == fourcc;
  if (is_sane) return format;
  throw Error(
      ErrorCode::source_failed,
      fmt::format("camera {} gives {} {}x{} where {} {}x{} was asked for: its driver cannot be used so",
                  device.path(), fourcc_text(format.fourcc), format.size.width, format.size.height,
                  fourcc_text(fourcc), size.width, size.height));
}

FrameRate read_rate(const Device& device) noexcept {
  v4l2_streamparm request{};
  request.type = device.buffer_type();
  if (device.call(VIDIOC_G_PARM, &request) != 0) return {0, 1};
  const v4l2_fract& interval = request.parm.capture.timeperframe;
  if (interval.numerator == 0 || interval.denominator == 0) return {0, 1};
  return {interval.denominator, interval.numerator};
}

FrameRate set_rate(const Device& device, FrameRate rate) noexcept {
  v4l2_streamparm request{};
  request.type = device.buffer_type();
  request.parm.capture.timeperframe = {rate.denominator, rate.numerator};
  // Drivers that have one rate refuse; what they have is read all the same.
  static_cast<void>(device.call(VIDIOC_S_PARM, &request));
  return read_rate(device);
}

FrameInfo layout_of(const StreamFormat& format, PixelFormat known) noexcept {
  FrameInfo info = packed_frame_info(known, format.size.width, format.size.height);
  if (format.colour_range != 0) info.colour_range = format.colour_range;
  info.colour_matrix = format.colour_matrix;
  if (format.row_bytes <= info.plane_stride[0]) return info;
  // V4L2 has one stride a frame: the chroma planes have theirs in proportion, behind whole rows of luma.
  std::uint64_t offset = 0;
  for (unsigned i = 0; i < info.plane_count; ++i) {
    info.plane_offset[i] = offset;
    info.plane_stride[i] = known == PixelFormat::i420 && i > 0 ? format.row_bytes / 2 : format.row_bytes;
    offset += std::uint64_t{info.plane_stride[i]} * plane_rows(known, i, format.size.height);
  }
  return info;
}

}  // namespace shmvideo::source
