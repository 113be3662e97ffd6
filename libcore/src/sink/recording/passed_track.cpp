// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <new>

#include "codec/libav/formats.hpp"
#include "codec/libav/handles.hpp"
#include "sink/recording/parameters.hpp"
#include "sink/recording/track.hpp"

extern "C" {
#include <libavcodec/bsf.h>
#include <libavcodec/codec_par.h>
#include <libavcodec/defs.h>
#include <libavcodec/packet.h>
#include <libavutil/buffer.h>
#include <libavutil/frame.h>
#include <libavutil/mem.h>
}

namespace shmvideo::sink {
namespace {

using codec::libav::make_packet;
using codec::libav::Owned;

struct FilterDeleter {
  void operator()(AVBSFContext* filter) const noexcept { av_bsf_free(&filter); }
};

void set_extradata(AVCodecParameters& parameters, const std::uint8_t* bytes, std::size_t size) {
  av_freep(&parameters.extradata);
  parameters.extradata = static_cast<std::uint8_t*>(av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE));
  if (!parameters.extradata) throw std::bad_alloc();
  std::memcpy(parameters.extradata, bytes, size);
  parameters.extradata_size = static_cast<int>(size);
}

/// A packet that refers to the frame's memory.
void refer(AVPacket& packet, const RecordedFrame& frame) {
  av_packet_unref(&packet);
  packet.buf = av_buffer_ref(frame.memory.buffer());
  if (!packet.buf) throw std::bad_alloc();
  packet.data = packet.buf->data;
  packet.size = static_cast<int>(frame.payload_bytes);
  packet.flags = frame.is_key ? AV_PKT_FLAG_KEY : 0;
}

/// The parameter sets that stand in the frame itself; false if there are none.
bool find_parameter_sets(const RecordedFrame& first, AVCodecParameters& parameters) {
  const AVBitStreamFilter* kind = av_bsf_get_by_name("extract_extradata");
  AVBSFContext* made = nullptr;
  if (!kind || av_bsf_alloc(kind, &made) < 0) return false;
  const std::unique_ptr<AVBSFContext, FilterDeleter> filter(made);
  if (avcodec_parameters_copy(filter->par_in, &parameters) < 0 || av_bsf_init(filter.get()) < 0) return false;
  const Owned<AVPacket> packet = make_packet();
  refer(*packet, first);
  if (av_bsf_send_packet(filter.get(), packet.get()) < 0) return false;
  if (av_bsf_receive_packet(filter.get(), packet.get()) < 0) return false;
  std::size_t size = 0;
  const std::uint8_t* found = av_packet_get_side_data(packet.get(), AV_PKT_DATA_NEW_EXTRADATA, &size);
  if (!found || size == 0) return false;
  set_extradata(parameters, found, size);
  return true;
}

int codec_of(const RecordedFrame& first) {
  if (first.plan.treatment == Treatment::copy) return codec::libav::codec_id_of(first.plan.format);
  return first.plan.treatment == Treatment::planes ? AV_CODEC_ID_WRAPPED_AVFRAME : AV_CODEC_ID_RAWVIDEO;
}

/// Frames that are what the file wants: coded ones, or samples.
class PassedTrack final : public Track {
 public:
  PassedTrack(const RecordedFrame& first, Tick tick)
      : parameters_(make_parameters(first, codec_of(first))), clock_(tick) {
    const bool needs_sets = first.plan.format == PixelFormat::h264 || first.plan.format == PixelFormat::h265;
    if (!needs_sets || find_parameter_sets(first, *parameters_)) return;
    if (!first.extradata || first.extradata->empty()) return;
    set_extradata(*parameters_, reinterpret_cast<const std::uint8_t*>(first.extradata->data()),
                  first.extradata->size());
  }

  const AVCodecParameters& parameters() const override { return *parameters_; }

  bool put(const RecordedFrame& frame, std::int64_t time, const PacketSink& sink) override {
    if (frame.plan.treatment == Treatment::planes) {
      refer_to_planes(frame);
    } else {
      refer(*packet_, frame);
    }
    packet_->dts = time;
    packet_->pts = time + clock_.ticks(frame.presented_after_ns);
    const bool is_taken = sink(*packet_);
    av_packet_unref(packet_.get());
    return is_taken;
  }

 private:
  /// A packet that is a picture, as FFmpeg's "wrapped_avframe" has it. Both are valid during put().
  void refer_to_planes(const RecordedFrame& frame) {
    const auto picture = frame.picture();
    if (!picture) throw std::bad_alloc();
    planes_->format = parameters_->format;
    planes_->width = parameters_->width;
    planes_->height = parameters_->height;
    for (unsigned i = 0; i < 3; ++i) {
      planes_->data[i] = reinterpret_cast<std::uint8_t*>(picture->plane[i]);
      planes_->linesize[i] = static_cast<int>(picture->stride[i]);
    }
    packet_->data = reinterpret_cast<std::uint8_t*>(planes_.get());
    packet_->size = sizeof(AVFrame);
    packet_->flags = AV_PKT_FLAG_KEY | AV_PKT_FLAG_TRUSTED;
  }

  OwnedParameters parameters_;
  Timeline clock_;
  Owned<AVFrame> planes_ = codec::libav::make_frame();
  Owned<AVPacket> packet_ = make_packet();
};

}  // namespace

std::unique_ptr<Track> make_passed_track(const RecordedFrame& first, Tick tick) {
  return std::make_unique<PassedTrack>(first, tick);
}

}  // namespace shmvideo::sink
