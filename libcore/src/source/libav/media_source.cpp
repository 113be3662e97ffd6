// SPDX-License-Identifier: Apache-2.0
#include "source/libav/media_source.hpp"

#include <fmt/format.h>

#include <utility>

#include "shmvideo/error.hpp"
#include "source/libav/coded_source.hpp"
#include "source/libav/decoder.hpp"
#include "source/libav/location.hpp"
#include "source/libav/played_source.hpp"

namespace shmvideo::source {

namespace media {
namespace {

/// What has so many pictures that cannot be decoded, one after the other, has none that can.
constexpr std::uint64_t kUndecodableMax = 300;

/// Decodes what the playback reads, and delivers it converted to what is wished for.
class DecodingSource final : public PlayedSource<DecodedPicture> {
 public:
  explicit DecodingSource(const MediaOptions& options) : PlayedSource(options) {}

  void open() override;
  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept override;

 private:
  void start_decoder();
  WaitStatus fetch(DecodedPicture& into, std::int64_t deadline_ns) noexcept override;
  bool take_layout(const DecodedPicture& picture) noexcept;
  FrameInfo layout_of(const DecodedPicture& picture) const noexcept;

  std::unique_ptr<Decoder> decoder_;
  QueuedPacket packet_;
  std::optional<WaitStatus> end_;
};

void DecodingSource::open() {
  playback_.open();
  start_decoder();
  // It says what frames are like. Those before it that cannot be decoded need frames from before the stream
  // was joined.
  find_first("picture that can be decoded", kUndecodableMax,
             [](const DecodedPicture& picture) { return !picture.is_corrupt; });
  description_.name = shown_location(options_.location);
  description_.notes = playback_.notes();
  take_layout(ahead_);
}

void DecodingSource::start_decoder() {
  for (;;) {
    switch (playback_.reader().pop(packet_, playback_.now_ns() + kWaitNs)) {
      case PopStatus::timeout:
        continue;
      case PopStatus::interrupted:
        throw Error(ErrorCode::cancelled, "interrupted while the source was opened");
      case PopStatus::lost:
        refuse("sends no picture: " + playback_.reader().loss());
      case PopStatus::end:
      case PopStatus::end_of_pass:
        refuse("has no picture in it");
      case PopStatus::packet:
        break;
    }
    break;
  }
  try {
    decoder_ = is_plain_jpeg(*packet_.packet, playback_.facts())
                   ? make_jpeg_packet_decoder()
                   : make_libav_decoder(playback_.facts(), playback_.facts().is_live);
  } catch (const Error& error) {
    refuse(fmt::format("cannot be decoded: {}", error.what()));
  }
  decoder_->send(packet_);
}

/// The layout that a picture gets in a slot.
FrameInfo DecodingSource::layout_of(const DecodedPicture& picture) const noexcept {
  const FrameWish& wish = options_.wish;
  FrameInfo layout = packed_frame_info(wish.format, wish.width > 0 ? wish.width : picture.width,
                                       wish.height > 0 ? wish.height : picture.height);
  layout.colour_primaries = picture.colour_primaries;
  layout.colour_transfer = picture.colour_transfer;
  const bool is_luma_kept = wish.format != PixelFormat::bgr24 && wish.format != PixelFormat::rgb24 &&
                            wish.format != PixelFormat::gray8;
  if (is_luma_kept) {
    layout.colour_range = picture.is_full_range ? 2 : 1;
    layout.colour_matrix = picture.colour_matrix;
  }
  return layout;
}

/// Describes frames like this one. True if those so far were others.
bool DecodingSource::take_layout(const DecodedPicture& picture) noexcept {
  const FrameInfo layout = layout_of(picture);
  const FrameRate rate = playback_.described_rate();
  const StreamInfo stream{SHMV_KIND_RAW, layout.fourcc,  layout.width,
                          layout.height, rate.numerator, rate.denominator};
  if (stream == description_.stream) return false;
  description_.stream = stream;
  description_.payload_bytes = layout.payload_bytes;
  return true;
}

WaitStatus DecodingSource::fetch(DecodedPicture& into, std::int64_t deadline_ns) noexcept {
  for (;;) {
    const DecodeStatus decoded = reading_.time([&] { return decoder_->receive(into); });
    if (decoded == DecodeStatus::picture) {
      into.stamps.is_first_of_pass = std::exchange(begins_pass_, false);
      into.stamps.read_ns = reading_.take();
      return WaitStatus::frame;
    }
    if (decoded == DecodeStatus::drained) {
      if (end_) return *end_;
      decoder_->restart();
      begins_pass_ = true;
    }
    switch (playback_.reader().pop(packet_, deadline_ns)) {
      case PopStatus::packet:
        reading_.time([this] { decoder_->send(packet_); });
        break;
      case PopStatus::end_of_pass:
        decoder_->drain();
        break;
      case PopStatus::lost:
        loss_ = playback_.reader().loss();
        end_ = WaitStatus::lost;
        decoder_->drain();
        break;
      case PopStatus::end:
        end_ = WaitStatus::end;
        decoder_->drain();
        break;
      case PopStatus::timeout:
        return WaitStatus::again;
      case PopStatus::interrupted:
        return WaitStatus::interrupted;
    }
  }
}

FillStatus DecodingSource::fill(std::span<std::byte> slot, FrameInfo& info) noexcept {
  if (current_.is_corrupt) return FillStatus::corrupt;
  if (take_layout(current_)) return FillStatus::format_changed;
  const std::uint64_t number = info.number;
  FrameInfo described = layout_of(current_);
  const auto target = as_picture(described, slot);
  if (!target || !decoder_->deliver(current_, *target)) return FillStatus::corrupt;
  described.number = number;
  playback_.describe(described);
  described.dts = SHMV_NO_TIME;  // it is decoded
  if (is_last_) described.flags |= SHMV_FRAME_END_OF_STREAM;
  info = described;
  return FillStatus::filled;
}

}  // namespace
}  // namespace media

std::unique_ptr<FrameSource> make_media_source(const MediaOptions& options) {
  if (options.is_copying) return media::make_coded_source(options);
  return std::make_unique<media::DecodingSource>(options);
}

}  // namespace shmvideo::source
