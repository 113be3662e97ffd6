// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "codec/libav/handles.hpp"
#include "shmvideo/picture.hpp"
#include "source/libav/media_facts.hpp"
#include "source/libav/packet_queue.hpp"
#include "source/libav/stamps.hpp"

namespace shmvideo::source::media {

/// A picture that can be delivered into a slot, and what is known of it. It keeps the decoder's frame, or
/// the coded packet where that is decoded into the slot only.
struct DecodedPicture {
  codec::libav::Owned<AVFrame> frame = codec::libav::make_frame();
  codec::libav::Owned<AVPacket> packet = codec::libav::make_packet();
  bool is_corrupt = false;  ///< There should be one, but it cannot be had.
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool is_full_range = false;
  std::uint8_t colour_primaries = 2;  // as in FrameInfo
  std::uint8_t colour_transfer = 2;
  std::uint8_t colour_matrix = 2;
  Stamps stamps;
};

enum class DecodeStatus {
  picture,
  starved,  ///< It needs another packet first.
  drained,  ///< After drain(): there are no more.
};

/// Packets in, pictures out. receive() until it is starved, then send(). One thread at a time.
class Decoder {
 public:
  virtual ~Decoder() = default;
  /// Uses up what is in `packet`.
  virtual void send(QueuedPacket& packet) noexcept = 0;
  /// No packet follows: gives out what is left.
  virtual void drain() noexcept = 0;
  virtual DecodeStatus receive(DecodedPicture& into) noexcept = 0;
  /// From drained to the beginning.
  virtual void restart() noexcept = 0;
  /// Writes a picture into `to`, converted and scaled as that needs. False if it cannot be had.
  virtual bool deliver(const DecodedPicture& picture, const MutablePicture& to) noexcept = 0;
};

/// Everything that libavcodec decodes. `is_live`: without threads that would hold frames back. Throws
/// Error(source_failed) when there is no decoder.
std::unique_ptr<Decoder> make_libav_decoder(const MediaFacts& facts, bool is_live);
/// JPEG, decoded by TurboJPEG straight into the slot.
std::unique_ptr<Decoder> make_jpeg_packet_decoder();
/// True if make_jpeg_packet_decoder() decodes this packet, and those like it.
bool is_plain_jpeg(const AVPacket& packet, const MediaFacts& facts) noexcept;

}  // namespace shmvideo::source::media
