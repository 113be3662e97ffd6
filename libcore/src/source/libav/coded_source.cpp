// SPDX-License-Identifier: Apache-2.0
#include "source/libav/coded_source.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <utility>

#include "codec/jpeg_tables.hpp"
#include "codec/libav/formats.hpp"
#include "shmvideo/error.hpp"
#include "source/libav/annex_b.hpp"
#include "source/libav/coded_geometry.hpp"
#include "source/libav/coded_packet.hpp"
#include "source/libav/location.hpp"
#include "source/libav/packet_filter.hpp"
#include "source/libav/played_source.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace shmvideo::source::media {
namespace {

constexpr std::uint64_t kPayloadBytes = 512 * 1024;
/// How far to look for a key frame before it is said that there is none.
constexpr std::uint64_t kWithoutKeyMax = 3000;

class CodedSource final : public PlayedSource<CodedPacket> {
 public:
  explicit CodedSource(const MediaOptions& options) : PlayedSource(options) {}

  void open() override;
  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept override;

 private:
  void choose_format();
  void describe();
  WaitStatus fetch(CodedPacket& into, std::int64_t deadline_ns) noexcept override;
  /// Only what no other frame needs can be left out.
  bool is_dispensable() const noexcept override { return format_ == PixelFormat::jpeg; }
  void prepare(CodedPacket& packet) noexcept;
  bool take_key_frame(const CodedPacket& packet);
  std::size_t bytes_of(const CodedPacket& packet) const noexcept;
  void write(const CodedPacket& packet, std::span<std::byte> slot) const noexcept;

  PixelFormat format_ = PixelFormat::jpeg;
  std::optional<PacketFilter> filter_;
  std::optional<DecodingTimes> times_;
  std::optional<CodedGeometry> geometry_;
  CodedGeometry::Size size_;
  QueuedPacket queued_;
};

void CodedSource::open() {
  playback_.open();
  choose_format();
  try {
    filter_.emplace(playback_.facts(), format_);
  } catch (const Error& error) {
    refuse(fmt::format("cannot be passed on as it is: {}", error.what()));
  }
  times_.emplace(playback_.facts());
  description_.extradata = filter_->extradata();
  geometry_.emplace(format_, description_.extradata);
  // Nobody can begin with anything else.
  find_first("key frame that says how large its pictures are", kWithoutKeyMax,
             [this](const CodedPacket& packet) {
               return packet.is_key && !packet.is_unusable && take_key_frame(packet);
             });
  description_.name = shown_location(options_.location);
  description_.notes = playback_.notes();
  description_.payload_bytes = kPayloadBytes;
  describe();
}

void CodedSource::choose_format() {
  const int codec = playback_.facts().parameters->codec_id;
  const auto format = codec::libav::coded_format_of(codec);
  if (!format) {
    refuse(
        fmt::format("holds {}, which cannot be passed on as it is (JPEG, H.264 and H.265 can): leave "
                    "out --copy",
                    avcodec_get_name(static_cast<AVCodecID>(codec))));
  }
  format_ = *format;
}

/// Learns from a key frame what its stream is like. True if that is new.
bool CodedSource::take_key_frame(const CodedPacket& packet) {
  const auto size = geometry_->size_of(packet.bytes());
  if (!size || *size == size_) return false;
  const bool is_first = size_ == CodedGeometry::Size{};
  size_ = *size;
  if (format_ == PixelFormat::jpeg || (is_first && !description_.extradata.empty())) return true;
  auto sets = parameter_sets_of(format_, packet.bytes());
  if (!sets.empty()) description_.extradata = std::move(sets);
  return true;
}

void CodedSource::describe() {
  const FrameRate rate = playback_.described_rate();
  description_.stream = {SHMV_KIND_CODED, info_of(format_).fourcc, size_.width,
                         size_.height,    rate.numerator,          rate.denominator};
}

/// Brings a packet into the form that it has in a segment.
void CodedSource::prepare(CodedPacket& packet) noexcept {
  // Other frames may need a damaged one all the same, but for JPEG pictures.
  const bool is_lost = packet.is_flagged_corrupt && format_ == PixelFormat::jpeg;
  packet.is_unusable = !filter_->apply(*packet.packet) || is_lost;
  if (packet.is_unusable || !packet.is_key) return;
  if (format_ == PixelFormat::jpeg) {
    packet.insert_at = codec::place_for_jpeg_tables(packet.bytes());
  } else if (!description_.extradata.empty() && !has_parameter_sets(format_, packet.bytes())) {
    packet.insert_at = 0;  // RTSP says them beforehand only
  }
}

WaitStatus CodedSource::fetch(CodedPacket& into, std::int64_t deadline_ns) noexcept {
  for (;;) {
    switch (playback_.reader().pop(queued_, deadline_ns)) {
      case PopStatus::packet:
        reading_.time([&] {
          into.take(queued_, format_ == PixelFormat::jpeg);
          times_->complete(into);
          prepare(into);
        });
        into.stamps.is_first_of_pass = std::exchange(begins_pass_, false);
        into.stamps.read_ns = reading_.take();
        return WaitStatus::frame;
      case PopStatus::end_of_pass:
        begins_pass_ = true;
        times_->restart();
        filter_->restart();
        break;
      case PopStatus::lost:
        loss_ = playback_.reader().loss();
        return WaitStatus::lost;
      case PopStatus::end:
        return WaitStatus::end;
      case PopStatus::timeout:
        return WaitStatus::again;
      case PopStatus::interrupted:
        return WaitStatus::interrupted;
    }
  }
}

std::size_t CodedSource::bytes_of(const CodedPacket& packet) const noexcept {
  const std::size_t bytes = packet.bytes().size();
  if (!packet.insert_at) return bytes;
  return bytes + (format_ == PixelFormat::jpeg ? codec::kJpegTablesBytes : description_.extradata.size());
}

/// The one copy: out of libavformat's packet, which is read before there is a slot for it.
void CodedSource::write(const CodedPacket& packet, std::span<std::byte> slot) const noexcept {
  const auto bytes = packet.bytes();
  if (packet.insert_at && format_ == PixelFormat::jpeg) {
    codec::copy_with_jpeg_tables(bytes, *packet.insert_at, slot);
    return;
  }
  if (packet.insert_at) {
    const auto& sets = description_.extradata;
    std::memcpy(slot.data(), sets.data(), sets.size());
    slot = slot.subspan(sets.size());
  }
  std::memcpy(slot.data(), bytes.data(), bytes.size());
}

FillStatus CodedSource::fill(std::span<std::byte> slot, FrameInfo& info) noexcept {
  if (current_.is_unusable) return FillStatus::corrupt;
  if (current_.is_key && take_key_frame(current_)) {
    describe();
    return FillStatus::format_changed;
  }
  const std::size_t bytes = bytes_of(current_);
  if (bytes > slot.size()) {
    // Generous, because each step costs readers a new generation.
    description_.payload_bytes = std::bit_ceil(bytes + bytes / 2);
    return FillStatus::format_changed;
  }
  write(current_, slot);
  FrameInfo described;
  described.number = info.number;
  described.fourcc = info_of(format_).fourcc;
  described.width = size_.width;
  described.height = size_.height;
  described.payload_bytes = bytes;
  described.flags = current_.is_key ? SHMV_FRAME_KEY : 0;
  if (current_.is_flagged_corrupt) described.flags |= SHMV_FRAME_CORRUPT;
  if (is_last_) described.flags |= SHMV_FRAME_END_OF_STREAM;
  playback_.describe(described);
  info = described;
  return FillStatus::filled;
}

}  // namespace

std::unique_ptr<FrameSource> make_coded_source(const MediaOptions& options) {
  return std::make_unique<CodedSource>(options);
}

}  // namespace shmvideo::source::media
