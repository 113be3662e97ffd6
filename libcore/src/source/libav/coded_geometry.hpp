// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "codec/jpeg_decoder.hpp"
#include "codec/libav/handles.hpp"
#include "shmvideo/pixel_format.hpp"

struct AVCodecParserContext;

namespace shmvideo::source::media {

/// Reads the size of the picture out of coded frames, without decoding them. One thread at a time.
class CodedGeometry {
 public:
  /// `extradata`: what the stream says of itself beforehand, as Annex B; it may say it nowhere else.
  CodedGeometry(PixelFormat format, std::span<const std::byte> extradata);
  ~CodedGeometry();

  struct Size {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    bool operator==(const Size&) const = default;
  };
  /// Of a key frame; nothing if it does not say.
  std::optional<Size> size_of(std::span<const std::byte> frame) noexcept;

 private:
  struct ParserDeleter {
    void operator()(AVCodecParserContext* parser) const noexcept;
  };
  PixelFormat format_;
  codec::JpegDecoder jpeg_;
  codec::libav::Owned<AVCodecContext> context_;
  std::unique_ptr<AVCodecParserContext, ParserDeleter> parser_;
};

}  // namespace shmvideo::source::media
