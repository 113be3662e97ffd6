// SPDX-License-Identifier: Apache-2.0
#include "source/libav/coded_geometry.hpp"

#include <cstring>
#include <new>

#include "codec/libav/formats.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/mem.h>
}

namespace shmvideo::source::media {

namespace av = codec::libav;

void CodedGeometry::ParserDeleter::operator()(AVCodecParserContext* parser) const noexcept {
  av_parser_close(parser);
}

CodedGeometry::CodedGeometry(PixelFormat format, std::span<const std::byte> extradata) : format_(format) {
  if (format == PixelFormat::jpeg) return;
  parser_.reset(av_parser_init(av::codec_id_of(format)));
  context_.reset(avcodec_alloc_context3(nullptr));
  if (!parser_ || !context_) throw std::bad_alloc();
  context_->codec_id = static_cast<AVCodecID>(av::codec_id_of(format));
  parser_->flags |= PARSER_FLAG_COMPLETE_FRAMES;
  if (extradata.empty()) return;
  context_->extradata =
      static_cast<std::uint8_t*>(av_mallocz(extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (context_->extradata == nullptr) throw std::bad_alloc();
  std::memcpy(context_->extradata, extradata.data(), extradata.size());
  context_->extradata_size = static_cast<int>(extradata.size());
}

CodedGeometry::~CodedGeometry() = default;

std::optional<CodedGeometry::Size> CodedGeometry::size_of(std::span<const std::byte> frame) noexcept {
  if (format_ == PixelFormat::jpeg) {
    const auto header = jpeg_.probe(frame);
    return header ? std::optional(Size{header->width, header->height}) : std::nullopt;
  }
  std::uint8_t* out = nullptr;
  int out_bytes = 0;
  av_parser_parse2(parser_.get(), context_.get(), &out, &out_bytes,
                   reinterpret_cast<const std::uint8_t*>(frame.data()), static_cast<int>(frame.size()),
                   AV_NOPTS_VALUE, AV_NOPTS_VALUE, 0);
  const bool is_possible = parser_->width > 0 && parser_->height > 0 &&
                           parser_->width <= SHMV_DIMENSION_MAX && parser_->height <= SHMV_DIMENSION_MAX;
  if (!is_possible) return std::nullopt;
  return Size{static_cast<std::uint32_t>(parser_->width), static_cast<std::uint32_t>(parser_->height)};
}

}  // namespace shmvideo::source::media
