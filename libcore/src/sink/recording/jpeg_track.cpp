// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "codec/jpeg_encoder.hpp"
#include "codec/libav/handles.hpp"
#include "shmvideo/error.hpp"
#include "sink/recording/parameters.hpp"
#include "sink/recording/track.hpp"

extern "C" {
#include <libavcodec/codec_par.h>
#include <libavcodec/packet.h>
}

namespace shmvideo::sink {
namespace {

class JpegTrack final : public Track {
 public:
  JpegTrack(const RecordedFrame& first, const CodingOptions& options)
      : parameters_(make_parameters(first, AV_CODEC_ID_MJPEG)), quality_(options.jpeg_quality) {}

  const AVCodecParameters& parameters() const override { return *parameters_; }

  bool put(const RecordedFrame& frame, std::int64_t time, const PacketSink& sink) override {
    const auto picture = frame.picture();
    if (!picture || !encoder_.encode(*picture, quality_, jpeg_)) {
      throw Error(ErrorCode::codec_failed,
                  fmt::format("cannot encode a picture of {}x{} as JPEG: {}", frame.plan.width,
                              frame.plan.height, picture ? encoder_.message() : "it has no pixels"));
    }
    // Lent to the packet for the time of the call; nobody writes to it.
    packet_->data = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(jpeg_.bytes().data()));
    packet_->size = static_cast<int>(jpeg_.bytes().size());
    packet_->pts = packet_->dts = time;
    packet_->flags = AV_PKT_FLAG_KEY;
    const bool is_taken = sink(*packet_);
    av_packet_unref(packet_.get());
    return is_taken;
  }

 private:
  OwnedParameters parameters_;
  int quality_;
  codec::JpegEncoder encoder_;
  codec::JpegBuffer jpeg_;
  codec::libav::Owned<AVPacket> packet_ = codec::libav::make_packet();
};

}  // namespace

std::unique_ptr<Track> make_jpeg_track(const RecordedFrame& first, const CodingOptions& options) {
  return std::make_unique<JpegTrack>(first, options);
}

}  // namespace shmvideo::sink
