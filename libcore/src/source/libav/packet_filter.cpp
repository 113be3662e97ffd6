// SPDX-License-Identifier: Apache-2.0
#include "source/libav/packet_filter.hpp"

#include <fmt/format.h>

#include <new>

#include "codec/libav/handles.hpp"
#include "shmvideo/error.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
}

namespace shmvideo::source::media {
namespace {

const char* name_for(PixelFormat format) {
  if (format == PixelFormat::h264) return "h264_mp4toannexb";
  return format == PixelFormat::h265 ? "hevc_mp4toannexb" : nullptr;
}

}  // namespace

void PacketFilter::ContextDeleter::operator()(AVBSFContext* context) const noexcept { av_bsf_free(&context); }

PacketFilter::PacketFilter(const MediaFacts& facts, PixelFormat format) {
  const char* name = name_for(format);
  if (name == nullptr) return;
  const AVBitStreamFilter* filter = av_bsf_get_by_name(name);
  AVBSFContext* context = nullptr;
  int status = filter != nullptr ? av_bsf_alloc(filter, &context) : AVERROR_BSF_NOT_FOUND;
  context_.reset(context);
  if (status >= 0) status = avcodec_parameters_copy(context->par_in, facts.parameters.get());
  if (status >= 0) {
    context->time_base_in = {static_cast<int>(facts.timebase_numerator),
                             static_cast<int>(facts.timebase_denominator)};
    status = av_bsf_init(context);
  }
  if (status < 0) {
    throw Error(ErrorCode::source_failed,
                fmt::format("FFmpeg's {} refuses it: {}", name, codec::libav::error_text(status)));
  }
  const AVCodecParameters& out = *context->par_out;
  if (out.extradata == nullptr || out.extradata_size <= 0) return;
  const auto* begin = reinterpret_cast<const std::byte*>(out.extradata);
  extradata_.assign(begin, begin + out.extradata_size);
}

PacketFilter::~PacketFilter() = default;

bool PacketFilter::apply(AVPacket& packet) noexcept {
  if (!context_) return packet.size > 0;
  const bool is_sent = av_bsf_send_packet(context_.get(), &packet) >= 0;
  av_packet_unref(&packet);  // what was sent is the filter's now
  return is_sent && av_bsf_receive_packet(context_.get(), &packet) >= 0 && packet.size > 0;
}

void PacketFilter::restart() noexcept {
  if (context_) av_bsf_flush(context_.get());
}

}  // namespace shmvideo::source::media
