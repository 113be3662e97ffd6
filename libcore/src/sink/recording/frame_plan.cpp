// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/frame_plan.hpp"

#include <fmt/format.h>

#include "shmvideo/error.hpp"

namespace shmvideo::sink {
namespace {

bool holds_coded(Container container, PixelFormat format) {
  switch (container) {
    case Container::matroska:
    case Container::mp4:
    case Container::raw:
      return true;
    case Container::avi:
    case Container::mjpeg:
    case Container::jpeg_files:
      return format == PixelFormat::jpeg;
    case Container::y4m:
    case Container::png_files:
      return false;
  }
  return false;
}

Treatment treatment_of_raw(Container container, Codec codec) {
  switch (container) {
    case Container::matroska:
    case Container::mp4:
      return codec == Codec::h264 ? Treatment::encode_h264 : Treatment::encode_jpeg;
    case Container::avi:
    case Container::mjpeg:
    case Container::jpeg_files:
      return Treatment::encode_jpeg;
    case Container::png_files:
      return Treatment::encode_png;
    case Container::y4m:
      return Treatment::planes;
    case Container::raw:
      return Treatment::packed;
  }
  return Treatment::packed;
}

[[noreturn]] void refuse_coded(Container container, PixelFormat format) {
  const char* possible =
      format == PixelFormat::jpeg ? "mkv, mp4, avi, mjpeg, raw or numbered .jpg files" : "mkv, mp4 or raw";
  throw Error(ErrorCode::invalid_argument,
              fmt::format("the frames are {} and are copied as they are, which {} cannot hold; use {}",
                          info_of(format).name, info_of(container).name, possible));
}

FramePlan planned_h264(std::uint32_t width, std::uint32_t height) {
  // Chroma at half the size in both directions: the odd last column and row are left out.
  FramePlan plan{Treatment::encode_h264, PixelFormat::i420, width & ~1U, height & ~1U, false};
  if (plan.width > 0 && plan.height > 0) return plan;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("a picture of {}x{} is too small for H.264; use --codec mjpeg", width, height));
}

}  // namespace

FramePlan plan_frame(Container container, Codec codec, const FrameShape& shape) {
  const auto& [format, width, height, is_full_range] = shape;
  if (is_coded(format)) {
    if (!holds_coded(container, format)) refuse_coded(container, format);
    return {Treatment::copy, format, width, height, format == PixelFormat::jpeg};
  }
  const Treatment treatment = treatment_of_raw(container, codec);
  switch (treatment) {
    case Treatment::encode_h264:
      return planned_h264(width, height);
    case Treatment::encode_jpeg:
      // JPEG is full range; luma alone stays luma alone.
      return {treatment, format == PixelFormat::gray8 ? format : PixelFormat::i420, width, height, true};
    case Treatment::encode_png:
      return {treatment, format == PixelFormat::gray8 ? format : PixelFormat::rgb24, width, height, true};
    case Treatment::planes:
      return {treatment, PixelFormat::i420, width, height, false};
    case Treatment::packed:
    case Treatment::copy:
      break;
  }
  return {treatment, format, width, height, is_full_range};
}

}  // namespace shmvideo::sink
