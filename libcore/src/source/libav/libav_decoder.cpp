// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "shmvideo/error.hpp"
#include "source/libav/decoder.hpp"
#include "source/libav/frame_delivery.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/pixdesc.h>
}

namespace shmvideo::source::media {

namespace av = codec::libav;

namespace {

/// A machine that captures has other things to do; two keep up with anything that plays.
constexpr int kThreads = 2;
/// A header of a few bytes can ask for a picture of gigabytes. 16384 x 16384, larger than any camera's.
constexpr std::int64_t kPixelsMax = std::int64_t{1} << 28;
/// Errors in a row without a packet between them: a decoder that goes round in circles.
constexpr int kErrorsMax = 64;

std::optional<std::int64_t> known(std::int64_t stamp) {
  return stamp != AV_NOPTS_VALUE ? std::optional(stamp) : std::nullopt;
}

std::int64_t duration_of(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return frame.duration;
#else
  return frame.pkt_duration;
#endif
}

bool is_full_range(const AVFrame& frame) {
  const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const bool is_rgb = format != nullptr && (format->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  const bool is_named_so = frame.format == AV_PIX_FMT_YUVJ420P || frame.format == AV_PIX_FMT_YUVJ422P ||
                           frame.format == AV_PIX_FMT_YUVJ444P || frame.format == AV_PIX_FMT_YUVJ440P;
  return !is_rgb && (frame.color_range == AVCOL_RANGE_JPEG || is_named_so);
}

/// When packets arrived, by their time stamps: decoders give frames out in another order.
class Arrivals {
 public:
  void note(std::int64_t stamp, std::int64_t arrival_ns) noexcept {
    latest_ = next_;
    entries_[next_] = {stamp, arrival_ns};
    next_ = (next_ + 1) % entries_.size();
  }
  std::int64_t of(std::int64_t stamp) const noexcept {
    const auto* found = std::ranges::find(entries_, stamp, &Entry::stamp);
    return found != entries_.end() ? found->arrival_ns : entries_[latest_].arrival_ns;
  }

 private:
  struct Entry {
    std::int64_t stamp = AV_NOPTS_VALUE;
    std::int64_t arrival_ns = 0;
  };
  std::array<Entry, 32> entries_{};
  std::size_t next_ = 0;
  std::size_t latest_ = 0;
};

class LibavDecoder final : public Decoder {
 public:
  LibavDecoder(const MediaFacts& facts, bool is_live);
  void send(QueuedPacket& queued) noexcept override;
  void drain() noexcept override {
    is_draining_ = true;
    avcodec_send_packet(context_.get(), nullptr);
  }
  DecodeStatus receive(DecodedPicture& into) noexcept override;
  void restart() noexcept override {
    is_draining_ = false;
    avcodec_flush_buffers(context_.get());
  }
  bool deliver(const DecodedPicture& picture, const MutablePicture& to) noexcept override {
    return delivery_.deliver(*picture.frame, to);
  }

 private:
  DecodeStatus give_corrupt(DecodedPicture& into) noexcept;
  void describe(DecodedPicture& into) noexcept;

  av::Owned<AVCodecContext> context_;
  FrameDelivery delivery_;
  Arrivals arrivals_;
  std::optional<std::int64_t> sent_stamp_;
  std::int64_t sent_arrival_ns_ = 0;
  bool is_draining_ = false;
  bool is_refused_ = false;  // the packet that was sent last
  int errors_ = 0;
  std::uint64_t dropped_ = 0;
};

LibavDecoder::LibavDecoder(const MediaFacts& facts, bool is_live) {
  const AVCodecParameters& parameters = *facts.parameters;
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  const char* name = avcodec_get_name(parameters.codec_id);
  if (codec == nullptr) {
    throw Error(ErrorCode::source_failed, fmt::format("FFmpeg has no decoder here for its format, {}", name));
  }
  context_.reset(avcodec_alloc_context3(codec));
  if (!context_) throw std::bad_alloc();
  AVCodecContext& context = *context_;
  int status = avcodec_parameters_to_context(&context, &parameters);
  context.pkt_timebase = {static_cast<int>(facts.timebase_numerator),
                          static_cast<int>(facts.timebase_denominator)};
  context.thread_count = kThreads;
  // Threads that each have a frame give it out only when the next ones have theirs.
  context.thread_type = is_live ? FF_THREAD_SLICE : FF_THREAD_FRAME | FF_THREAD_SLICE;
  context.max_pixels = kPixelsMax;
  if (status >= 0) status = avcodec_open2(&context, codec, nullptr);
  if (status >= 0) return;
  throw Error(ErrorCode::source_failed,
              fmt::format("the decoder of its format, {}, does not start: {}", name, av::error_text(status)));
}

void LibavDecoder::send(QueuedPacket& queued) noexcept {
  AVPacket& packet = *queued.packet;
  errors_ = 0;
  dropped_ += queued.dropped_before;
  sent_stamp_ = known(packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts);
  sent_arrival_ns_ = queued.arrival_ns;
  arrivals_.note(packet.pts, queued.arrival_ns);
  is_refused_ = avcodec_send_packet(context_.get(), &packet) < 0;
  av_packet_unref(&packet);
}

DecodeStatus LibavDecoder::give_corrupt(DecodedPicture& into) noexcept {
  av_frame_unref(into.frame.get());
  into.is_corrupt = true;
  into.width = into.height = 0;
  into.stamps.due = sent_stamp_;
  into.stamps.duration = 0;
  into.stamps.arrival_ns = sent_arrival_ns_;
  into.stamps.dropped_before = std::exchange(dropped_, 0);
  return DecodeStatus::picture;
}

DecodeStatus LibavDecoder::receive(DecodedPicture& into) noexcept {
  if (std::exchange(is_refused_, false)) return give_corrupt(into);
  const int status = avcodec_receive_frame(context_.get(), into.frame.get());
  if (status == AVERROR(EAGAIN)) return DecodeStatus::starved;
  if (status == AVERROR_EOF) return DecodeStatus::drained;
  if (status < 0 && ++errors_ > kErrorsMax) {
    return is_draining_ ? DecodeStatus::drained : DecodeStatus::starved;
  }
  if (status < 0) return give_corrupt(into);
  describe(into);
  return DecodeStatus::picture;
}

void LibavDecoder::describe(DecodedPicture& into) noexcept {
  const AVFrame& frame = *into.frame;
  const bool is_possible = frame.width > 0 && frame.height > 0 && frame.width <= SHMV_DIMENSION_MAX &&
                           frame.height <= SHMV_DIMENSION_MAX;
  // What the decoder made up where data were damaged is no picture of anything.
  into.is_corrupt =
      !is_possible || frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0;
  into.width = is_possible ? static_cast<std::uint32_t>(frame.width) : 0;
  into.height = is_possible ? static_cast<std::uint32_t>(frame.height) : 0;
  into.is_full_range = is_full_range(frame);
  into.colour_primaries = static_cast<std::uint8_t>(frame.color_primaries);
  into.colour_transfer = static_cast<std::uint8_t>(frame.color_trc);
  into.colour_matrix = static_cast<std::uint8_t>(frame.colorspace);
  into.stamps.due = known(frame.best_effort_timestamp);
  into.stamps.duration = duration_of(frame);
  into.stamps.arrival_ns = arrivals_.of(frame.pts);
  into.stamps.dropped_before = std::exchange(dropped_, 0);
}

}  // namespace

std::unique_ptr<Decoder> make_libav_decoder(const MediaFacts& facts, bool is_live) {
  return std::make_unique<LibavDecoder>(facts, is_live);
}

}  // namespace shmvideo::source::media
