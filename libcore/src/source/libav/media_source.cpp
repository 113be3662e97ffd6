// SPDX-License-Identifier: Apache-2.0
#include "source/libav/media_source.hpp"

#include <fmt/format.h>

#include <utility>

#include "shmvideo/error.hpp"
#include "source/libav/coded_source.hpp"
#include "source/libav/decoder.hpp"
#include "source/libav/location.hpp"
#include "source/libav/playback.hpp"

namespace shmvideo::source {

namespace media {
namespace {

/// wait() says `again` at least once a second.
constexpr std::int64_t kWaitNs = 500'000'000;
/// What has so many pictures that cannot be decoded, one after the other, has none that can.
constexpr std::uint64_t kUndecodableMax = 300;

/// Decodes what the playback reads, and delivers it converted to what is wished for.
class DecodingSource final : public FrameSource {
 public:
  explicit DecodingSource(const MediaOptions& options) : options_(options), playback_(options) {}

  void open() override;
  const SourceDescription& description() const noexcept override { return description_; }
  WaitStatus wait() noexcept override;
  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept override;
  std::string loss() const override { return loss_; }
  std::uint64_t skipped() const noexcept override { return playback_.skipped(); }
  void interrupt() noexcept override { playback_.interrupt(); }

 private:
  void start_decoder();
  void find_first_picture();
  WaitStatus fetch(DecodedPicture& into, std::int64_t deadline_ns) noexcept;
  WaitStatus advance(std::int64_t deadline_ns) noexcept;
  bool take_layout(const DecodedPicture& picture) noexcept;
  FrameInfo layout_of(const DecodedPicture& picture) const noexcept;

  MediaOptions options_;
  Playback playback_;
  std::unique_ptr<Decoder> decoder_;
  SourceDescription description_;
  std::string loss_;

  QueuedPacket packet_;
  DecodedPicture current_;  // the one that is next, or that was announced
  DecodedPicture ahead_;    // the one after it
  bool has_current_ = false;
  bool has_ahead_ = false;
  bool is_late_ = false;  // the current one
  bool is_last_ = false;
  bool begins_pass_ = false;  // the next one that the decoder gives
  std::optional<WaitStatus> end_;
};

/// A frame of the medium: an error sentence about it, whoever found it.
[[noreturn]] void refuse(const MediaOptions& options, const std::string& what) {
  throw Error(ErrorCode::source_failed, fmt::format("'{}' {}", shown_location(options.location), what));
}

void DecodingSource::open() {
  playback_.open();
  start_decoder();
  find_first_picture();
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
        refuse(options_, "sends no picture: " + playback_.reader().loss());
      case PopStatus::end:
      case PopStatus::end_of_pass:
        refuse(options_, "has no picture in it");
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
    refuse(options_, fmt::format("cannot be decoded: {}", error.what()));
  }
  decoder_->send(packet_);
}

/// It says what frames are like. Those before it that cannot be decoded, because they need frames from
/// before the stream was joined, are left out.
void DecodingSource::find_first_picture() {
  std::uint64_t left_out = 0;
  while (left_out < kUndecodableMax) {
    switch (fetch(ahead_, playback_.now_ns() + kWaitNs)) {
      case WaitStatus::again:
        continue;
      case WaitStatus::interrupted:
        throw Error(ErrorCode::cancelled, "interrupted while the source was opened");
      case WaitStatus::lost:
        refuse(options_, "sends no picture that can be decoded: " + loss_);
      case WaitStatus::end:
        left_out = kUndecodableMax;
        continue;
      case WaitStatus::frame:
        break;
    }
    left_out += ahead_.dropped_before;
    if (!ahead_.is_corrupt) {
      ahead_.dropped_before = left_out;
      has_ahead_ = true;
      return;
    }
    ++left_out;
  }
  refuse(options_, "has no picture that can be decoded");
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

/// The decoder's next picture (`frame`), or why there is none.
WaitStatus DecodingSource::fetch(DecodedPicture& into, std::int64_t deadline_ns) noexcept {
  for (;;) {
    const DecodeStatus decoded = decoder_->receive(into);
    if (decoded == DecodeStatus::picture) {
      into.is_first_of_pass = std::exchange(begins_pass_, false);
      return WaitStatus::frame;
    }
    if (decoded == DecodeStatus::drained) {
      if (end_) return *end_;
      decoder_->restart();
      begins_pass_ = true;
    }
    switch (playback_.reader().pop(packet_, deadline_ns)) {
      case PopStatus::packet:
        decoder_->send(packet_);
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

/// Goes to the next picture. What is recorded is decoded one picture ahead: it is ready when its time
/// comes, and the last one is known to be the last.
WaitStatus DecodingSource::advance(std::int64_t deadline_ns) noexcept {
  if (std::exchange(has_ahead_, false)) {
    std::swap(current_, ahead_);
  } else if (const WaitStatus status = fetch(current_, deadline_ns); status != WaitStatus::frame) {
    return status;
  }
  is_late_ = playback_.next({.due = current_.stamp,
                             .duration = current_.duration,
                             .arrival_ns = current_.arrival_ns,
                             .dropped_before = current_.dropped_before,
                             .is_first_of_pass = current_.is_first_of_pass});
  is_last_ = false;
  if (playback_.facts().is_recorded) {
    const WaitStatus status = fetch(ahead_, deadline_ns);
    has_ahead_ = status == WaitStatus::frame;
    is_last_ = status == WaitStatus::end;
  }
  return WaitStatus::frame;
}

WaitStatus DecodingSource::wait() noexcept {
  const std::int64_t deadline_ns = playback_.now_ns() + kWaitNs;
  while (!has_current_ || (is_late_ && !is_last_)) {
    if (std::exchange(has_current_, false)) playback_.skip();
    if (const WaitStatus status = advance(deadline_ns); status != WaitStatus::frame) return status;
    has_current_ = true;
    if (is_late_ && playback_.now_ns() > deadline_ns) return WaitStatus::again;
  }
  switch (playback_.sleep(deadline_ns)) {
    case Pacing::Sleep::again:
      return WaitStatus::again;
    case Pacing::Sleep::interrupted:
      return WaitStatus::interrupted;
    case Pacing::Sleep::due:
      break;
  }
  has_current_ = false;
  return WaitStatus::frame;
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
