// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/muxer.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cerrno>
#include <ctime>
#include <new>
#include <string>

#include "codec/libav/handles.hpp"
#include "shmvideo/error.hpp"

extern "C" {
#include <libavcodec/packet.h>
#include <libavformat/avformat.h>
#include <libavformat/avio.h>
#include <libavutil/dict.h>
#include <libavutil/mathematics.h>
#include <libavutil/mem.h>
}

namespace shmvideo::sink {
namespace {

constexpr int kBufferBytes = 256 * 1024;

#if LIBAVFORMAT_VERSION_MAJOR >= 61
using WrittenByte = const std::uint8_t;
#else
using WrittenByte = std::uint8_t;
#endif

int write_to_file(void* opaque, WrittenByte* bytes, int count) {
  auto& file = *static_cast<OutputFile*>(opaque);
  const auto* data = reinterpret_cast<const std::byte*>(bytes);
  return file.write({data, static_cast<std::size_t>(count)}) ? count : AVERROR(file.error());
}

std::int64_t seek_in_file(void* opaque, std::int64_t offset, int whence) {
  auto& file = *static_cast<OutputFile*>(opaque);
  whence &= ~AVSEEK_FORCE;
  if (whence == AVSEEK_SIZE) return file.size();
  if (whence == SEEK_CUR) offset += file.position();
  if (whence == SEEK_END) offset += file.size();
  return file.seek_to(offset) ? offset : AVERROR(EIO);
}

AVRational rational(Tick tick) {
  return {static_cast<int>(tick.numerator), static_cast<int>(tick.denominator)};
}

/// A fragment that is in the file is playable, whatever becomes of the process: one ends every two
/// seconds, and where a picture that stands for itself begins (all JPEG pictures do: those by time).
void set_fragments(codec::libav::Options& options, const AVCodecParameters& track) {
  const bool is_jpeg = track.codec_id == AV_CODEC_ID_MJPEG;
  options.set("movflags", std::string(is_jpeg ? "" : "+frag_keyframe") + "+empty_moov+default_base_moof");
  options.set("frag_duration", is_jpeg ? "1000000" : "2000000");
}

}  // namespace

struct Muxer::Impl {
  explicit Impl(OutputFile& output) : file(output) {}
  ~Impl() {
    if (context) {
      if (context->pb) av_freep(&context->pb->buffer);
      avio_context_free(&context->pb);
      avformat_free_context(context);
    }
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void open(const Muxer::Options& options, const AVCodecParameters& track);
  bool settle(int result);

  OutputFile& file;
  AVFormatContext* context = nullptr;
  AVStream* stream = nullptr;
  AVRational tick{1, 1000};
  bool is_open = false;
};

void Muxer::Impl::open(const Muxer::Options& options, const AVCodecParameters& track) {
  const std::string name(info_of(options.container).muxer);
  if (avformat_alloc_output_context2(&context, nullptr, name.c_str(), nullptr) < 0) {
    throw Error(ErrorCode::codec_failed,
                fmt::format("FFmpeg's libraries here have no muxer '{}'; use another --container", name));
  }
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
  if (!buffer) throw std::bad_alloc();
  context->pb = avio_alloc_context(buffer, kBufferBytes, 1, &file, nullptr, write_to_file, seek_in_file);
  if (!context->pb) {
    av_free(buffer);
    throw std::bad_alloc();
  }
  context->pb->seekable = file.is_seekable() ? AVIO_SEEKABLE_NORMAL : 0;
  context->flags |= AVFMT_FLAG_CUSTOM_IO;
  stream = avformat_new_stream(context, nullptr);
  if (!stream || avcodec_parameters_copy(stream->codecpar, &track) < 0) throw std::bad_alloc();
  tick = rational(options.tick);
  stream->time_base = tick;
  if (options.rate.denominator > 0) {
    stream->avg_frame_rate = av_inv_q(rational(options.rate));
    // y4m states a rate; the time between frames of the others is what their time stamps say.
    if (options.container == Container::y4m) stream->time_base = rational(options.rate);
  }
  if (options.begun_realtime_ns > 0) {
    const auto seconds = static_cast<std::time_t>(options.begun_realtime_ns / 1'000'000'000);
    const std::string date = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
    av_dict_set(&context->metadata, "creation_time", date.c_str(), 0);
  }
  codec::libav::Options settings;
  if (options.container == Container::mp4) set_fragments(settings, track);
  const int result = avformat_write_header(context, settings.get());
  is_open = result >= 0;
  if (is_open || file.error() != 0) {
    settle(result);
    return;
  }
  throw Error(ErrorCode::codec_failed,
              fmt::format("cannot begin a {} file of {}x{}: {}", info_of(options.container).name, track.width,
                          track.height, codec::libav::error_text(result)));
}

/// Hands on what stands in libavformat's buffer. Its errors show in the file, which had them first.
bool Muxer::Impl::settle(int result) {
  avio_flush(context->pb);
  if (file.error() != 0) return false;
  if (result < 0) {
    throw Error(ErrorCode::codec_failed,
                fmt::format("cannot write a frame to {}: {}", file.name(), codec::libav::error_text(result)));
  }
  file.mark_whole();
  return true;
}

Muxer::Muxer(OutputFile& file, const Options& options, const AVCodecParameters& track)
    : impl_(std::make_unique<Impl>(file)) {
  impl_->open(options, track);
}

Muxer::~Muxer() = default;

bool Muxer::write(AVPacket& packet) {
  if (impl_->file.error() != 0) return false;
  av_packet_rescale_ts(&packet, impl_->tick, impl_->stream->time_base);
  packet.stream_index = 0;
  return impl_->settle(av_write_frame(impl_->context, &packet));
}

bool Muxer::finish() {
  if (!impl_->is_open || impl_->file.error() != 0) return false;
  return impl_->settle(av_write_trailer(impl_->context));
}

}  // namespace shmvideo::sink
