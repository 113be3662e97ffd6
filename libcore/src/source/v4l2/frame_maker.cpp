// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/frame_maker.hpp"

#include <algorithm>
#include <cstring>

#include "shmvideo/picture.hpp"
#include "source/v4l2/coded_frame.hpp"

namespace shmvideo::source {
namespace {

/// A coded frame that is large for its camera still finds room.
constexpr std::uint64_t kCodedBytesMin = 512 * 1024;
/// More than any frame has, whatever a driver says.
constexpr std::uint64_t kCodedBytesMax = 64 * 1024 * 1024;

/// Whether a JPEG picture has its end. Webcams leave padding behind it, and before it, which decoders
/// complain of; one that lost its end on the way is another matter.
bool is_whole(std::span<const std::byte> jpeg) {
  std::size_t end = jpeg.size();
  while (end > 0 && jpeg[end - 1] == std::byte{0}) --end;
  return end >= 2 && jpeg[end - 2] == std::byte{0xff} && jpeg[end - 1] == std::byte{0xd9};
}

}  // namespace

FrameMaker::FrameMaker(const ModeChoice& mode, const StreamFormat& format, PixelFormat wished) : mode_(mode) {
  const auto [width, height] = format.size;
  if (mode.use == FrameUse::copy) {
    layout_.fourcc = info_of(mode.format).fourcc;
    layout_.width = width;
    layout_.height = height;
    payload_bytes_ = std::clamp<std::uint64_t>(format.buffer_bytes, kCodedBytesMin, kCodedBytesMax);
    return;
  }
  if (mode.use == FrameUse::decode) decoder_.emplace();
  if (mode.use != FrameUse::decode) native_ = layout_of(format, mode.format);
  layout_ = packed_frame_info(wished, width, height);
  if (mode.use == FrameUse::pass) {
    layout_.colour_range = native_.colour_range;
    layout_.colour_matrix = native_.colour_matrix;
  }
  payload_bytes_ = layout_.payload_bytes;
}

FillStatus FrameMaker::copy_coded(const DriverFrame& frame, std::span<std::byte> slot,
                                  FrameInfo& info) noexcept {
  if (frame.bytes.empty()) return FillStatus::corrupt;
  if (frame.bytes.size() > slot.size()) {
    payload_bytes_ = frame.bytes.size() + frame.bytes.size() / 4;
    return FillStatus::format_changed;
  }
  const bool is_key = frame.is_key || is_key_frame(mode_.format, frame.bytes);
  const std::uint64_t number = info.number;
  info = layout_;
  info.number = number;
  info.flags = is_key ? SHMV_FRAME_KEY : 0;
  info.payload_bytes = frame.bytes.size();
  // The one copy: the driver fills memory of its own, which it wants back.
  std::memcpy(slot.data(), frame.bytes.data(), frame.bytes.size());
  return FillStatus::filled;
}

bool FrameMaker::draw(std::span<const std::byte> bytes, const MutablePicture& to) noexcept {
  if (decoder_) {
    const codec::JpegStatus status = decoder_->decode(bytes, to);
    return status == codec::JpegStatus::ok || (status == codec::JpegStatus::damaged && is_whole(bytes));
  }
  // As many bytes as the driver says it filled: a short frame is no picture.
  const auto picture = as_picture(native_, bytes);
  // The one copy, or the one conversion: the driver fills memory of its own, which it wants back.
  return picture && converter_.convert(*picture, to);
}

FillStatus FrameMaker::make(const DriverFrame& frame, std::span<std::byte> slot, FrameInfo& info) noexcept {
  if (mode_.use == FrameUse::copy) return copy_coded(frame, slot, info);
  const auto target = as_picture(layout_, slot);
  if (!target || !draw(frame.bytes, *target)) return FillStatus::corrupt;
  const std::uint64_t number = info.number;
  info = layout_;
  info.number = number;
  return FillStatus::filled;
}

}  // namespace shmvideo::source
