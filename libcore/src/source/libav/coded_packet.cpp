// SPDX-License-Identifier: Apache-2.0
#include "source/libav/coded_packet.hpp"

extern "C" {
#include <libavcodec/packet.h>
#include <libavutil/avutil.h>
}

namespace shmvideo::source::media {

std::span<const std::byte> CodedPacket::bytes() const noexcept {
  return {reinterpret_cast<const std::byte*>(packet->data), static_cast<std::size_t>(packet->size)};
}

void CodedPacket::take(QueuedPacket& queued, bool is_intra_only) noexcept {
  av_packet_unref(packet.get());
  av_packet_move_ref(packet.get(), queued.packet.get());
  const bool has_pts = packet->pts != AV_NOPTS_VALUE;
  const bool has_dts = packet->dts != AV_NOPTS_VALUE;
  stamps = {};
  if (has_dts || has_pts) stamps.due = has_dts ? packet->dts : packet->pts;
  if (has_dts && has_pts) stamps.until_shown = packet->pts - packet->dts;
  stamps.duration = packet->duration;
  stamps.arrival_ns = queued.arrival_ns;
  stamps.dropped_before = queued.dropped_before;
  is_key = is_intra_only || (packet->flags & AV_PKT_FLAG_KEY) != 0;
  is_flagged_corrupt = (packet->flags & AV_PKT_FLAG_CORRUPT) != 0;
  is_unusable = false;
  insert_at.reset();
}

}  // namespace shmvideo::source::media
