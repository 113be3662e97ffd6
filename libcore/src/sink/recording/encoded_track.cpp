// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <new>
#include <string>

#include "codec/libav/formats.hpp"
#include "codec/libav/handles.hpp"
#include "shmvideo/error.hpp"
#include "sink/recording/parameters.hpp"
#include "sink/recording/track.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
}

namespace shmvideo::sink {
namespace {

using codec::libav::Owned;

/// A key frame this often, so that players can jump and an interrupted file loses little.
constexpr std::uint64_t kKeyIntervalNs = 2'000'000'000;
/// Of H.264 without a bit rate: what x264's authors take for the default.
constexpr const char* kConstantRateFactor = "23";

[[noreturn]] void fail(const RecordedFrame& frame, int reason) {
  throw Error(ErrorCode::codec_failed,
              fmt::format("cannot encode pictures of {}x{} as {}: {}", frame.plan.width, frame.plan.height,
                          frame.plan.treatment == Treatment::encode_png ? "PNG" : "H.264",
                          codec::libav::error_text(reason)));
}

const AVCodec& find_encoder(Treatment treatment) {
  const bool is_png = treatment == Treatment::encode_png;
  const AVCodec* found =
      is_png ? avcodec_find_encoder(AV_CODEC_ID_PNG) : avcodec_find_encoder_by_name("libx264");
  if (found) return *found;
  throw Error(ErrorCode::codec_failed, is_png ? "FFmpeg's libraries here have no PNG encoder"
                                              : "FFmpeg's libraries here are built without libx264; use "
                                                "--codec mjpeg");
}

/// An encoder of libavcodec: H.264 or PNG.
class EncodedTrack final : public Track {
 public:
  EncodedTrack(const RecordedFrame& first, const CodingOptions& options, Tick tick)
      : is_h264_(first.plan.treatment == Treatment::encode_h264),
        key_interval_(Timeline(tick).ticks(kKeyIntervalNs)) {
    const AVCodec& codec = find_encoder(first.plan.treatment);
    context_.reset(avcodec_alloc_context3(&codec));
    if (!context_) throw std::bad_alloc();
    describe(first, tick);
    codec::libav::Options settings;
    if (is_h264_) {
      settings.set("preset", options.preset).set("forced-idr", "1");
      if (options.bit_rate) {
        context_->bit_rate = static_cast<std::int64_t>(*options.bit_rate);
      } else {
        settings.set("crf", kConstantRateFactor);
      }
    }
    const int result = avcodec_open2(context_.get(), &codec, settings.get());
    if (result < 0) fail(first, result);
    parameters_.reset(avcodec_parameters_alloc());
    if (!parameters_ || avcodec_parameters_from_context(parameters_.get(), context_.get()) < 0) {
      throw std::bad_alloc();
    }
  }

  const AVCodecParameters& parameters() const override { return *parameters_; }

  bool put(const RecordedFrame& frame, std::int64_t time, const PacketSink& sink) override {
    const auto picture = frame.picture();
    if (!picture) fail(frame, AVERROR(EINVAL));
    av_frame_unref(frame_.get());
    // The encoder refers to the frame's memory; the pool waits until it has let go of it.
    frame_->buf[0] = av_buffer_ref(frame.memory.buffer());
    if (!frame_->buf[0]) throw std::bad_alloc();
    frame_->format = context_->pix_fmt;
    frame_->width = context_->width;
    frame_->height = context_->height;
    frame_->color_range = context_->color_range;
    frame_->pts = time;
    for (unsigned i = 0; i < info_of(frame.plan.format).plane_count; ++i) {
      frame_->data[i] = reinterpret_cast<std::uint8_t*>(picture->plane[i]);
      frame_->linesize[i] = static_cast<int>(picture->stride[i]);
    }
    if (is_h264_ && (last_key_ < 0 || time - last_key_ >= key_interval_)) {
      frame_->pict_type = AV_PICTURE_TYPE_I;
      last_key_ = time;
    }
    const int result = avcodec_send_frame(context_.get(), frame_.get());
    av_frame_unref(frame_.get());
    if (result < 0) fail(frame, result);
    return pass_on(sink);
  }

  bool drain(const PacketSink& sink) override {
    avcodec_send_frame(context_.get(), nullptr);
    return pass_on(sink);
  }

 private:
  void describe(const RecordedFrame& first, Tick tick) {
    context_->width = static_cast<int>(first.plan.width);
    context_->height = static_cast<int>(first.plan.height);
    context_->pix_fmt = static_cast<AVPixelFormat>(codec::libav::pixel_format_of(first.plan.format));
    context_->time_base = {static_cast<int>(tick.numerator), static_cast<int>(tick.denominator)};
    const bool has_rate = first.rate.denominator > 0;
    context_->framerate = has_rate ? AVRational{static_cast<int>(first.rate.denominator),
                                                static_cast<int>(first.rate.numerator)}
                                   : AVRational{30, 1};
    context_->color_range = static_cast<AVColorRange>(colour_range_of(first));
    context_->colorspace = static_cast<AVColorSpace>(colour_matrix_of(first));
    context_->thread_count = 0;  // as many as there are processors
    if (!is_h264_) {
      context_->compression_level = 1;
      return;
    }
    context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    context_->gop_size = 1000;  // key frames come by time, see put()
    // Every frame is then decoded in the order of its showing: what is in the file up to any frame plays.
    context_->max_b_frames = 0;
  }

  bool pass_on(const PacketSink& sink) {
    for (;;) {
      const int result = avcodec_receive_packet(context_.get(), packet_.get());
      if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return true;
      if (result < 0) {
        throw Error(ErrorCode::codec_failed,
                    fmt::format("the encoder failed: {}", codec::libav::error_text(result)));
      }
      const bool is_taken = sink(*packet_);
      av_packet_unref(packet_.get());
      if (!is_taken) return false;
    }
  }

  bool is_h264_;
  std::int64_t key_interval_;
  std::int64_t last_key_ = -1;
  Owned<AVCodecContext> context_;
  OwnedParameters parameters_;
  Owned<AVFrame> frame_ = codec::libav::make_frame();
  Owned<AVPacket> packet_ = codec::libav::make_packet();
};

}  // namespace

std::unique_ptr<Track> make_encoded_track(const RecordedFrame& first, const CodingOptions& options,
                                          Tick tick) {
  return std::make_unique<EncodedTrack>(first, options, tick);
}

}  // namespace shmvideo::sink
