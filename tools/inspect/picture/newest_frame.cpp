// SPDX-License-Identifier: Apache-2.0
#include "picture/newest_frame.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "codec/convert.hpp"
#include "codec/jpeg_decoder.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/reader.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::inspect {
namespace {

MutablePicture picture_on(RgbPicture& rgb) {
  rgb.samples.resize(std::size_t{rgb.width} * rgb.height * 3);
  return {.format = PixelFormat::rgb24,
          .width = rgb.width,
          .height = rgb.height,
          .plane = {rgb.samples.data()},
          .stride = {rgb.width * 3}};
}

RgbPicture decode_jpeg(const NewestFrame& frame) {
  codec::JpegDecoder decoder;
  RgbPicture rgb;
  if (const auto header = decoder.probe(frame.bytes)) {
    rgb.width = header->width;
    rgb.height = header->height;
    const MutablePicture to = picture_on(rgb);
    if (decoder.decode(frame.bytes, to) != codec::JpegStatus::failed) return rgb;
  }
  throw Error(ErrorCode::codec_failed, fmt::format("frame {} is no JPEG picture that can be decoded: {}",
                                                   frame.info.number, decoder.message()));
}

[[noreturn]] void refuse_format(const FrameInfo& info) {
  const auto format = pixel_format_from_fourcc(info.fourcc);
  if (format && is_coded(*format)) {
    throw Error(ErrorCode::codec_failed,
                fmt::format("a frame of {} is no picture by itself; look at a raw or JPEG segment",
                            info_of(*format).name));
  }
  throw Error(ErrorCode::codec_failed,
              fmt::format("frame {} describes its picture in a way that is unknown here", info.number));
}

std::unique_ptr<Reader> attach(const SegmentName& name, std::chrono::nanoseconds timeout,
                               toolkit::ToolContext& context) {
  return toolkit::attach(name, {.grade = Grade::copy,
                                .attach_timeout = timeout,
                                .follow = false,
                                .present = false,
                                .program = context.name,
                                .guard = &context.guard});
}

}  // namespace

NewestFrame read_newest_frame(const SegmentName& name, std::chrono::nanoseconds timeout,
                              toolkit::ToolContext& context) {
  const auto reader = attach(name, timeout, context);
  NewestFrame frame;
  const ReadStatus status = reader->read_copy(frame.bytes, frame.info, timeout);
  if (status != ReadStatus::frame) {
    throw Error(ErrorCode::source_failed, fmt::format("'{}' has no frame yet; its writer is {}", name.str(),
                                                      to_string(reader->state())));
  }
  frame.bytes.resize(frame.info.payload_bytes);
  return frame;
}

Picture planes_of(const NewestFrame& frame) {
  const auto picture = as_picture(frame.info, std::span<const std::byte>(frame.bytes));
  if (!picture) refuse_format(frame.info);
  return *picture;
}

RgbPicture to_rgb(const NewestFrame& frame) {
  if (pixel_format_from_fourcc(frame.info.fourcc) == PixelFormat::jpeg) return decode_jpeg(frame);
  const Picture picture = planes_of(frame);
  RgbPicture rgb{picture.width, picture.height, {}};
  if (!codec::PictureConverter().convert(picture, picture_on(rgb))) refuse_format(frame.info);
  return rgb;
}

}  // namespace shmvideo::inspect
