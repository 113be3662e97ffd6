// SPDX-License-Identifier: Apache-2.0
#include "source/libav/coded_packet.hpp"

extern "C" {
#include <libavcodec/codec_par.h>
#include <libavcodec/packet.h>
#include <libavutil/avutil.h>
#include <libavutil/mathematics.h>
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
  if (has_dts) stamps.due = packet->dts;
  if (has_dts && has_pts) stamps.until_shown = packet->pts - packet->dts;
  stamps.duration = packet->duration;
  stamps.arrival_ns = queued.arrival_ns;
  stamps.dropped_before = queued.dropped_before;
  is_key = is_intra_only || (packet->flags & AV_PKT_FLAG_KEY) != 0;
  is_flagged_corrupt = (packet->flags & AV_PKT_FLAG_CORRUPT) != 0;
  is_unusable = false;
  insert_at.reset();
}

DecodingTimes::DecodingTimes(const MediaFacts& facts) noexcept
    : interval_(0), reordered_(facts.parameters->video_delay) {
  if (facts.rate.numerator == 0) return;
  interval_ = av_rescale(facts.timebase_denominator, facts.rate.denominator,
                         std::int64_t{facts.timebase_numerator} * facts.rate.numerator);
}

void DecodingTimes::complete(CodedPacket& packet) noexcept {
  const std::int64_t pts = packet.packet->pts;
  const std::int64_t interval = packet.stamps.duration > 0 ? packet.stamps.duration : interval_;
  if (!packet.stamps.due && pts != AV_NOPTS_VALUE) {
    packet.stamps.due = next_.value_or(pts - reordered_ * interval);
    packet.stamps.until_shown = pts - *packet.stamps.due;
  }
  if (packet.stamps.due) next_ = *packet.stamps.due + interval;
}

}  // namespace shmvideo::source::media
