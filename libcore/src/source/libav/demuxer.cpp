// SPDX-License-Identifier: Apache-2.0
#include "source/libav/demuxer.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <new>
#include <optional>
#include <string_view>

#include "codec/libav/handles.hpp"
#include "shmvideo/error.hpp"
#include "source/libav/descriptor_input.hpp"
#include "source/libav/location.hpp"
#include "source/libav/open_options.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
}

namespace shmvideo::source::media {

namespace av = codec::libav;

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
/// How much of a stream that comes live is looked at before it is shown.
constexpr std::int64_t kLiveAnalysisUs = 2'000'000;
constexpr std::string_view kYuv4Mpeg = "YUV4MPEG2 ";
constexpr double kBelievableRate = 1000;
constexpr double kBelievableRateMin = 1.0 / 3600;
/// The sum and the difference of two such stamps fit into 64 bits.
constexpr std::int64_t kStampMax = INT64_MAX / 2;

struct IoDeleter {
  void operator()(AVIOContext* io) const noexcept {
    av_freep(&io->buffer);
    avio_context_free(&io);
  }
};
struct FormatDeleter {
  void operator()(AVFormatContext* context) const noexcept { avformat_close_input(&context); }
};

int read_descriptor(void* opaque, std::uint8_t* to, int bytes) {
  auto& input = *static_cast<DescriptorInput*>(opaque);
  const auto got = input.read({reinterpret_cast<std::byte*>(to), static_cast<std::size_t>(bytes)});
  if (got == 0) return AVERROR_EOF;
  return got == -ECANCELED ? AVERROR_EXIT : static_cast<int>(got);  // AVERROR() of an errno is its negative
}

std::int64_t seek_descriptor(void* opaque, std::int64_t offset, int whence) {
  auto& input = *static_cast<DescriptorInput*>(opaque);
  if ((whence & AVSEEK_SIZE) != 0) return input.size();
  return input.seek(offset, whence & ~AVSEEK_FORCE);
}

int is_interrupted(void* opaque) { return static_cast<const Interruption*>(opaque)->is_set() ? 1 : 0; }

/// A damaged file may say anything: what nobody can reckon with is as good as nothing.
void forget_absurd_times(AVPacket& packet) {
  for (std::int64_t* stamp : {&packet.pts, &packet.dts}) {
    if (*stamp > kStampMax || *stamp < -kStampMax) *stamp = AV_NOPTS_VALUE;
  }
  if (packet.duration < 0 || packet.duration > kStampMax) packet.duration = 0;
}

int rotation_of(const AVStream& stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
  const AVPacketSideData* found = av_packet_side_data_get(
      stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  const std::uint8_t* matrix = found != nullptr ? found->data : nullptr;
#else
  const std::uint8_t* matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
#endif
  if (matrix == nullptr) return 0;
  std::int32_t values[9];
  std::memcpy(values, matrix, sizeof values);
  const double degrees = av_display_rotation_get(values);
  return std::isnan(degrees) ? 0 : (static_cast<int>(std::lround(-degrees)) % 360 + 360) % 360;
}

}  // namespace

void ParametersDeleter::operator()(AVCodecParameters* parameters) const noexcept {
  avcodec_parameters_free(&parameters);
}

struct Demuxer::Impl {
  MediaOptions options;
  const Interruption& interruption;
  LocationKind kind;
  std::optional<DescriptorInput> input;  // kept when it is wound back: standard input opens only once
  std::unique_ptr<AVIOContext, IoDeleter> io;
  std::unique_ptr<AVFormatContext, FormatDeleter> context;  // destroyed before what it reads from
  int stream_index = -1;
  bool is_recorded = false;
  bool says_what_it_is = false;

  [[noreturn]] void fail(int code) const {
    if (interruption.is_set()) throw Error(ErrorCode::cancelled, "interrupted while the source was opened");
    if (input && input->is_empty() && !input->is_regular()) {
      throw Error(ErrorCode::source_failed,
                  fmt::format("{} ended before anything came", shown_location(options.location)));
    }
    throw Error(ErrorCode::source_failed, explain_failure(options, code));
  }

  void make_io();
  void open_context();
  void classify(MediaFacts& facts) const;
  void look_closer(bool is_waiting_for_us);
  void choose_stream();
  void describe(MediaFacts& facts) const;
  bool is_raw() const { return options.raw && !says_what_it_is; }
  bool has_size() const { return context->pb != nullptr && avio_size(context->pb) > 0; }
  bool has_duration() const { return context->duration != AV_NOPTS_VALUE && context->duration > 0; }
  AVStream& stream() const { return *context->streams[stream_index]; }
};

void Demuxer::Impl::make_io() {
  if (kind == LocationKind::url) return;
  if (!input) {
    input = kind == LocationKind::standard_input ? DescriptorInput::standard_input(interruption)
                                                 : DescriptorInput::open_path(options.location, interruption);
  } else if (input->seek(0, SEEK_SET) < 0) {
    fail(AVERROR(ESPIPE));
  }
  auto* buffer = static_cast<unsigned char*>(av_malloc(kReadBytes));
  if (buffer == nullptr) throw std::bad_alloc();
  io.reset(avio_alloc_context(buffer, kReadBytes, 0, &*input, read_descriptor, nullptr,
                              input->is_regular() ? seek_descriptor : nullptr));
  if (!io) {
    av_free(buffer);
    throw std::bad_alloc();
  }
  // Raw frames do not begin with these letters; who pipes YUV4MPEG2 and says its size and format too means
  // well.
  if (options.raw) {
    std::array<unsigned char, kYuv4Mpeg.size()> head{};
    const int got = avio_read(io.get(), head.data(), head.size());
    says_what_it_is =
        got == static_cast<int>(head.size()) && std::memcmp(head.data(), kYuv4Mpeg.data(), head.size()) == 0;
    avio_seek(io.get(), 0, SEEK_SET);  // in its buffer, of a pipe too
  }
}

void Demuxer::Impl::open_context() {
  context.reset();
  io.reset();
  make_io();
  AVFormatContext* fresh = avformat_alloc_context();
  if (fresh == nullptr) throw std::bad_alloc();
  fresh->pb = io.get();
  fresh->interrupt_callback = {is_interrupted, const_cast<Interruption*>(&interruption)};
  av::Options settings;
  MediaOptions told = options;
  if (!is_raw()) told.raw.reset();
  set_open_options(told, settings);
  const AVInputFormat* format = is_raw() ? av_find_input_format("rawvideo") : nullptr;
  // The name tells the format of what has no head of its own.
  const char* location = kind == LocationKind::standard_input ? "" : options.location.c_str();
  const int opened = avformat_open_input(&fresh, location, format, settings.get());  // frees it on failure
  if (opened < 0) fail(opened);
  context.reset(fresh);
}

void Demuxer::Impl::look_closer(bool is_waiting_for_us) {
  if (!is_waiting_for_us) {
    // Frames that are counted to guess a rate are frames that come late.
    context->fps_probe_size = 0;
    context->max_analyze_duration = kLiveAnalysisUs;
  }
  const int found = avformat_find_stream_info(context.get(), nullptr);
  if (found < 0 || interruption.is_set()) fail(found < 0 ? found : AVERROR_EXIT);
}

void Demuxer::Impl::choose_stream() {
  stream_index = av_find_best_stream(context.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  const bool is_cover = stream_index >= 0 && (stream().disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
  if (stream_index < 0 || is_cover) fail(AVERROR_STREAM_NOT_FOUND);
  for (unsigned i = 0; i < context->nb_streams; ++i) {
    if (static_cast<int>(i) != stream_index) context->streams[i]->discard = AVDISCARD_ALL;
  }
}

void Demuxer::Impl::classify(MediaFacts& facts) const {
  if (kind != LocationKind::url) {
    facts.is_recorded = input->is_regular();
    facts.can_end = true;
  } else {
    const std::string scheme = scheme_of(options.location);
    const bool has_end = has_duration() || has_size();
    facts.is_recorded = !is_streaming_scheme(scheme) && (has_end || scheme == "file");
    facts.is_live = !facts.is_recorded;
    facts.can_end = has_end || facts.is_recorded;
  }
  facts.can_rewind = facts.is_recorded;
}

void Demuxer::Impl::describe(MediaFacts& facts) const {
  const AVStream& video = stream();
  facts.parameters.reset(avcodec_parameters_alloc());
  if (!facts.parameters || avcodec_parameters_copy(facts.parameters.get(), video.codecpar) < 0) {
    throw std::bad_alloc();
  }
  if (video.time_base.num > 0 && video.time_base.den > 0) {
    facts.timebase_numerator = static_cast<std::uint32_t>(video.time_base.num);
    facts.timebase_denominator = static_cast<std::uint32_t>(video.time_base.den);
  }
  const std::string_view name = context->iformat->name;
  facts.has_own_times = (context->iformat->flags & AVFMT_NOTIMESTAMPS) == 0 && name != "mpjpeg" &&
                        !name.ends_with("_pipe") && name != "rawvideo";
  const AVRational rate = av_guess_frame_rate(context.get(), context->streams[stream_index], nullptr);
  // What has no times says no rate either, but for files: there it is as good as any.
  const bool is_rate_known =
      rate.num > 0 && rate.den > 0 && av_q2d(rate) <= kBelievableRate && av_q2d(rate) >= kBelievableRateMin;
  const bool has_rate_inside = facts.has_own_times || (is_raw() && options.rate.numerator > 0) ||
                               facts.parameters->codec_id == AV_CODEC_ID_H264 ||
                               facts.parameters->codec_id == AV_CODEC_ID_HEVC;
  const bool is_guess = !has_rate_inside && !facts.is_recorded;
  if (is_rate_known && !is_guess) {
    facts.rate = {static_cast<std::uint32_t>(rate.num), static_cast<std::uint32_t>(rate.den)};
  }
  facts.rotation_degrees = rotation_of(video);
}

Demuxer::Demuxer(const MediaOptions& options, const Interruption& interruption)
    : impl_(new Impl{options, interruption, kind_of(options.location), {}, {}, {}}) {}
Demuxer::~Demuxer() = default;

MediaFacts Demuxer::open() {
  MediaFacts facts;
  impl_->open_context();
  const bool is_regular = impl_->input && impl_->input->is_regular();
  impl_->look_closer(is_regular || (impl_->kind == LocationKind::url && impl_->has_size()));
  impl_->choose_stream();
  impl_->classify(facts);
  impl_->describe(facts);
  impl_->is_recorded = facts.is_recorded;
  return facts;
}

int Demuxer::read(AVPacket& packet) noexcept {
  AVFormatContext& context = *impl_->context;
  for (;;) {
    if (impl_->interruption.is_set()) return AVERROR_EXIT;
    const int status = av_read_frame(&context, &packet);
    if (status >= 0 && packet.stream_index == impl_->stream_index) {
      forget_absurd_times(packet);
      return 0;
    }
    if (status >= 0) {
      av_packet_unref(&packet);
      continue;
    }
    // Some demuxers call every failure to read an end.
    const bool hides_error = status == AVERROR_EOF && context.pb != nullptr && context.pb->error < 0;
    return hides_error ? context.pb->error : status;
  }
}

bool Demuxer::rewind() noexcept {
  try {
    // In formats that were made for broadcasting, seeking is a guess.
    const bool can_seek = (impl_->context->iformat->flags & AVFMT_TS_DISCONT) == 0;
    const std::int64_t first = impl_->stream().start_time;
    const std::int64_t to = first != AV_NOPTS_VALUE ? first : 0;
    if (can_seek &&
        avformat_seek_file(impl_->context.get(), impl_->stream_index, INT64_MIN, to, to, 0) >= 0) {
      return true;
    }
    impl_->open_context();
    impl_->look_closer(true);
    impl_->choose_stream();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace shmvideo::source::media
