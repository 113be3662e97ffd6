// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include "codec/convert.hpp"
#include "codec/jpeg_decoder.hpp"
#include "source/libav/decoder.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace shmvideo::source::media {
namespace {

std::span<const std::byte> bytes_of(const AVPacket& packet) {
  return {reinterpret_cast<const std::byte*>(packet.data), static_cast<std::size_t>(packet.size)};
}

/// Each block of 8x8 samples takes a code of one bit at least. A damaged header that asks for more than its
/// packet can hold must not make the segment one of gigabytes.
bool can_hold(const AVPacket& packet, const codec::JpegHeader& header) {
  constexpr std::uint64_t kPixelsInByte = 8 * 64;
  const std::uint64_t pixels = std::uint64_t{header.width} * header.height;
  return pixels / kPixelsInByte <= static_cast<std::uint64_t>(packet.size);
}

class JpegPacketDecoder final : public Decoder {
 public:
  void send(QueuedPacket& packet) noexcept override {
    std::swap(packet_, packet);
    has_packet_ = true;
  }
  void drain() noexcept override { is_draining_ = true; }
  void restart() noexcept override { is_draining_ = false; }

  DecodeStatus receive(DecodedPicture& into) noexcept override {
    if (!std::exchange(has_packet_, false))
      return is_draining_ ? DecodeStatus::drained : DecodeStatus::starved;
    std::swap(into.packet, packet_.packet);
    const AVPacket& packet = *into.packet;
    auto header = jpeg_.probe(bytes_of(packet));
    if (header && !can_hold(packet, *header)) header.reset();
    into.is_corrupt = !header;
    into.width = header ? header->width : 0;
    into.height = header ? header->height : 0;
    into.is_full_range = true;
    into.stamps.due = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
    if (into.stamps.due == AV_NOPTS_VALUE) into.stamps.due.reset();
    into.stamps.duration = packet.duration;
    into.stamps.arrival_ns = packet_.arrival_ns;
    into.stamps.dropped_before = packet_.dropped_before;
    return DecodeStatus::picture;
  }

  bool deliver(const DecodedPicture& picture, const MutablePicture& to) noexcept override {
    const auto bytes = bytes_of(*picture.packet);
    if (picture.width == to.width && picture.height == to.height) {
      return jpeg_.decode(bytes, to) == codec::JpegStatus::ok;
    }
    return decode_scaled(bytes, picture, to);
  }

 private:
  bool decode_scaled(std::span<const std::byte> jpeg, const DecodedPicture& picture,
                     const MutablePicture& to) noexcept {
    const FrameInfo layout = packed_frame_info(to.format, picture.width, picture.height);
    if (unscaled_.size() < layout.payload_bytes) {
      try {
        unscaled_.resize(layout.payload_bytes);
      } catch (const std::exception&) {
        return false;
      }
    }
    auto whole = as_picture(layout, std::span(unscaled_));
    if (!whole) return false;
    whole->is_full_range = to.is_full_range;
    return jpeg_.decode(jpeg, *whole) == codec::JpegStatus::ok && converter_.convert(*whole, to);
  }

  codec::JpegDecoder jpeg_;
  codec::PictureConverter converter_;
  std::vector<std::byte> unscaled_;
  QueuedPacket packet_;
  bool has_packet_ = false;
  bool is_draining_ = false;
};

}  // namespace

bool is_plain_jpeg(const AVPacket& packet, const MediaFacts& facts) noexcept {
  const AVCodecParameters& parameters = *facts.parameters;
  if (parameters.codec_id != AV_CODEC_ID_MJPEG) return false;
  try {
    codec::JpegDecoder jpeg;
    const auto header = jpeg.probe(bytes_of(packet));
    // Two fields in a packet are half as high as the container says.
    return header &&
           (parameters.height <= 0 || header->height == static_cast<std::uint32_t>(parameters.height));
  } catch (const std::exception&) {
    return false;
  }
}

std::unique_ptr<Decoder> make_jpeg_packet_decoder() { return std::make_unique<JpegPacketDecoder>(); }

}  // namespace shmvideo::source::media
