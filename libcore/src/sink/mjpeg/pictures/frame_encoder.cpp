// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/frame_encoder.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "codec/caption.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/pixel_format.hpp"

namespace shmvideo::sink {
namespace {

constexpr const char* kOutOfMemory = "out of memory for the picture";

std::string format_name(const FrameInfo& info) {
  const auto format = pixel_format_from_fourcc(info.fourcc);
  return format ? std::string(info_of(*format).name) : "unknown";
}

bool is_jpeg(const FrameInfo& info) noexcept { return info.fourcc == info_of(PixelFormat::jpeg).fourcc; }

}  // namespace

EncodeStatus copy_jpeg(const Frame& frame, JpegPicture& picture, std::string& reason) {
  picture.bytes = {};
  const auto bytes = frame.bytes().first(frame.info().payload_bytes);
  // Copied, as it is sent long after the next frames came: viewers that take their time would hold slot after
  // slot.
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

std::optional<MutablePicture> FrameEncoder::picture_in(Memory& memory, PixelFormat format,
                                                       std::uint32_t width, std::uint32_t height) {
  const FrameInfo info = packed_frame_info(format, width, height);
  if (info.payload_bytes > memory.capacity) {
    memory.bytes.reset(new (std::nothrow) std::byte[info.payload_bytes]);
    memory.capacity = memory.bytes ? info.payload_bytes : 0;
  }
  auto picture = as_picture(info, std::span(memory.bytes.get(), memory.capacity));
  if (picture) picture->is_full_range = true;  // as JPEG has it: nothing more is to be done to it then
  return picture;
}

/// Copied on the way, since the encoder takes whole rows of the size that it encodes: what it reads must
/// stand somewhere. Written in the size and the planes that it takes, this is the only copy of a smaller
/// picture.
std::optional<Picture> FrameEncoder::scaled(const Picture& picture, const PictureForm& form,
                                            std::string& reason) {
  const PixelFormat format = picture.format == PixelFormat::gray8 ? PixelFormat::gray8 : PixelFormat::i420;
  const auto small = picture_in(made_, format, form.width, form.height);
  if (!small) {
    reason = kOutOfMemory;
  } else if (!converter_.convert(picture, *small)) {
    reason = "the frame cannot be scaled";
  } else {
    return *small;
  }
  return std::nullopt;
}

std::optional<Picture> FrameEncoder::decoded(const Frame& frame, const PictureForm& form,
                                             std::string& reason) {
  if (!decoder_) decoder_ = std::make_unique<codec::JpegDecoder>();
  const auto jpeg = frame.bytes().first(frame.info().payload_bytes);
  const auto header = decoder_->probe(jpeg);
  if (!header) {
    reason = "the frame says that it is JPEG but cannot be decoded";
    return std::nullopt;
  }
  // The picture's own header knows its size better than what was said beside it.
  const std::uint32_t width = form.width != 0 ? std::min(form.width, header->width) : header->width;
  const std::uint32_t height = form.width != 0 ? std::min(form.height, header->height) : header->height;
  const auto to = picture_in(made_, header->is_gray ? PixelFormat::gray8 : PixelFormat::i420, width, height);
  if (!to) {
    reason = kOutOfMemory;
    return std::nullopt;
  }
  // A damaged picture is still a picture: the viewer sees what the camera sent.
  if (decoder_->decode_scaled(jpeg, *to) == codec::JpegStatus::failed) {
    reason = decoder_->message();
    return std::nullopt;
  }
  return *to;
}

/// The words are drawn in the size of the picture that goes out, where they can be read in each.
std::optional<Picture> FrameEncoder::captioned(const FedFrame& source, const PictureForm& form,
                                               std::string& reason) {
  const Still& still = *source.still;
  const FrameInfo& info = source.info();
  const auto to = picture_in(made_, PixelFormat::i420, form.width != 0 ? form.width : info.width,
                             form.width != 0 ? form.height : info.height);
  // A copy each second: the kept frame stays without words, for the next ones.
  if (!to || !converter_.convert(still.kept->picture, *to)) {
    reason = kOutOfMemory;
    return std::nullopt;
  }
  codec::draw_caption(*to, still.words);
  return *to;
}

std::optional<Picture> FrameEncoder::picture_of(const FedFrame& source, const PictureForm& form,
                                                std::string& reason) {
  if (source.still) return captioned(source, form, reason);
  const FrameInfo& info = source.frame->info();
  if (is_jpeg(info)) return decoded(*source.frame, form, reason);
  const auto raw = as_picture(info, source.frame->bytes());
  if (!raw) reason = "cannot make JPEG pictures of " + format_name(info) + " frames";
  // Without a size, the encoder takes its rows from the slot itself.
  return raw && form.width != 0 ? scaled(*raw, form, reason) : raw;
}

EncodeStatus FrameEncoder::encode(const FedFrame& source, const PictureForm& form, JpegPicture& picture,
                                  std::string& reason) {
  picture.bytes = {};
  const auto ready = picture_of(source, form, reason);
  const bool is_encoded = ready && encoder_.encode(*ready, form.quality, picture.coded);
  if (ready && !is_encoded) reason = encoder_.message();
  // Before anything is said about the frame: what is amiss may be that it is gone.
  if (!source.valid()) return EncodeStatus::revoked;
  if (!is_encoded) return EncodeStatus::failed;
  picture.bytes = picture.coded.bytes();
  return EncodeStatus::ok;
}

std::shared_ptr<const KeptFrame> FrameEncoder::keep(const Frame& frame) {
  const PictureForm form = form_of({.width = kKeptWidth, .height = kKeptHeight}, frame.info());
  std::string ignored;
  const auto picture =
      is_jpeg(frame.info()) ? decoded(frame, form, ignored) : as_picture(frame.info(), frame.bytes());
  if (!picture) return nullptr;
  auto kept = std::make_shared<KeptFrame>();
  kept->info = frame.info();
  kept->info.fourcc = info_of(PixelFormat::i420).fourcc;
  kept->info.width = form.width != 0 ? std::min(form.width, picture->width) : picture->width;
  kept->info.height = form.width != 0 ? std::min(form.height, picture->height) : picture->height;
  Memory memory;
  const auto to = picture_in(memory, PixelFormat::i420, kept->info.width, kept->info.height);
  // Copied, for the reasons that stand with KeptFrame.
  if (!to || !converter_.convert(*picture, *to) || !frame.valid()) return nullptr;
  codec::darken(*to);
  kept->picture = *to;
  kept->bytes = std::move(memory.bytes);
  return kept;
}

}  // namespace shmvideo::sink
