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
  Playback::Stamps stamps;
  bool is_key = false;
  bool is_flagged_corrupt = false;  ///< by its container
  bool is_unusable = false;         ///< Nothing is left of it.
  /// Where in it other bytes are to be put: its codec's parameters, at 0, or a JPEG picture's tables.
  std::optional<std::size_t> insert_at;

  std::span<const std::byte> bytes() const noexcept;
  /// Takes over a packet from the queue, with what it says of itself.
  void take(QueuedPacket& queued, bool is_intra_only) noexcept;
};

}  // namespace shmvideo::source::media
