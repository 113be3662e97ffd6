// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/frame_encoder.hpp"

#include <new>
#include <optional>

#include "shmvideo/picture.hpp"
#include "shmvideo/pixel_format.hpp"

namespace shmvideo::sink {
namespace {

std::string format_name(const FrameInfo& info) {
  const auto format = pixel_format_from_fourcc(info.fourcc);
  return format ? std::string(info_of(*format).name) : "unknown";
}

}  // namespace

EncodeStatus copy_jpeg(const Frame& frame, JpegPicture& picture, std::string& reason) {
  picture.bytes = {};
  const auto bytes = frame.bytes().first(frame.info().payload_bytes);
  picture.copied.assign(bytes.begin(), bytes.end());
  if (!frame.valid()) return EncodeStatus::revoked;
  // Not more than this is looked at: a viewer's decoder must live with any bytes anyway.
  if (picture.copied.size() < 4 || picture.copied[0] != std::byte{0xff} ||
      picture.copied[1] != std::byte{0xd8}) {
    reason = "the frame says that it is JPEG but does not begin like it";
    return EncodeStatus::failed;
  }
  picture.bytes = picture.copied;
  return EncodeStatus::ok;
}

bool FrameEncoder::decode(const Frame& frame, std::string& reason) {
  if (!decoder_) decoder_ = std::make_unique<codec::JpegDecoder>();
  const auto jpeg = frame.bytes().first(frame.info().payload_bytes);
  const auto header = decoder_->probe(jpeg);
  if (!header) {
    reason = "the frame says that it is JPEG but cannot be decoded";
    return false;
  }
  const auto info = packed_frame_info(header->is_gray ? PixelFormat::gray8 : PixelFormat::i420, header->width,
                                      header->height);
  if (info.payload_bytes > decoded_capacity_) {
    decoded_bytes_.reset(new (std::nothrow) std::byte[info.payload_bytes]);
    decoded_capacity_ = decoded_bytes_ ? info.payload_bytes : 0;
  }
  auto to = as_picture(info, std::span(decoded_bytes_.get(), decoded_capacity_));
  if (!to) {
    reason = "out of memory for the decoded frame";
    return false;
  }
  to->is_full_range = true;
  // A damaged picture is still a picture: the viewer sees what the camera sent.
  if (decoder_->decode(jpeg, *to) == codec::JpegStatus::failed) {
    reason = decoder_->message();
    return false;
  }
  decoded_ = *to;
  return true;
}

EncodeStatus FrameEncoder::encode(const Frame& frame, const PictureForm& form, JpegPicture& picture,
                                  std::string& reason) {
  picture.bytes = {};
  const auto format = pixel_format_from_fourcc(frame.info().fourcc);
  std::optional<Picture> raw;
  if (format == PixelFormat::jpeg) {
    if (decode(frame, reason)) raw = decoded_;
  } else {
    raw = as_picture(frame.info(), frame.bytes());
    if (!raw) {
      reason = "cannot make JPEG pictures of " + format_name(frame.info()) + " frames";
    }
  }
  const bool is_encoded = raw && encoder_.encode(*raw, form.quality, picture.coded);
  if (raw && !is_encoded) reason = encoder_.message();
  // Before anything is said about the frame: what is amiss may be that it is gone.
  if (!frame.valid()) return EncodeStatus::revoked;
  if (!is_encoded) return EncodeStatus::failed;
  picture.bytes = picture.coded.bytes();
  return EncodeStatus::ok;
}

}  // namespace shmvideo::sink
