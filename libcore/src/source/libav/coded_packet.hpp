// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "codec/libav/handles.hpp"
#include "source/libav/packet_queue.hpp"
#include "source/libav/playback.hpp"

namespace shmvideo::source::media {

/// A coded frame, ready to be put into a slot.
struct CodedPacket {
  codec::libav::Owned<AVPacket> packet = codec::libav::make_packet();
  Stamps stamps;
  bool is_key = false;
  bool is_flagged_corrupt = false;  ///< by its container
  bool is_unusable = false;         ///< Nothing is left of it.
  /// Where in it other bytes are to be put: its codec's parameters, at 0, or a JPEG picture's tables.
  std::optional<std::size_t> insert_at;

  std::span<const std::byte> bytes() const noexcept;
  /// Takes over a packet from the queue, with what it says of itself.
  void take(QueuedPacket& queued, bool is_intra_only) noexcept;
};

/// Decoding times for packets without: Matroska has presentation times only, and libavformat knows the
/// others once it has seen as many packets as the codec may reorder. One thread at a time.
class DecodingTimes {
 public:
  explicit DecodingTimes(const MediaFacts& facts) noexcept;
  void complete(CodedPacket& packet) noexcept;
  void restart() noexcept { next_.reset(); }  ///< The next packet is a first one.

 private:
  std::int64_t interval_;
  std::int64_t reordered_;                 // how many frames
  std::optional<std::int64_t> next_ = {};  // the decoding time that is expected
};

}  // namespace shmvideo::source::media
