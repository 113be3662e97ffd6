// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "shmvideo/picture.hpp"

namespace shmvideo::codec {

struct JpegHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool is_gray = false;
};

enum class JpegStatus {
  ok,
  damaged,  ///< There is a picture, but the data were cut short or contradict themselves.
  failed,   ///< No picture; message() says why.
};

/// Decodes JPEG pictures. Any bytes are safe to give to it.
/// Reusable; thread-safety: one thread at a time for each decoder.
class JpegDecoder {
 public:
  /// Throws Error(codec_failed) when out of memory.
  JpegDecoder();
  ~JpegDecoder();
  JpegDecoder(JpegDecoder&&) noexcept;
  JpegDecoder& operator=(JpegDecoder&&) noexcept;

  /// Reads the header alone. Nothing if this is no JPEG picture that decode() could decode.
  std::optional<JpegHeader> probe(std::span<const std::byte> jpeg) noexcept;

  /// Decodes into `to`, whose size must be the picture's; any raw format. BGR24, RGB24, GRAY8 and
  /// full-range I420 (of a 4:2:0 picture) are decoded to directly, others are converted to.
  JpegStatus decode(std::span<const std::byte> jpeg, const MutablePicture& to) noexcept;

  /// The same for a `to` that is smaller than the picture in a direction or in both: leaves out of the
  /// decoding what would not be seen, and scales the rest of the way.
  JpegStatus decode_scaled(std::span<const std::byte> jpeg, const MutablePicture& to) noexcept;

  /// What the last failure or damage was, without a final dot.
  std::string_view message() const noexcept { return message_; }

 private:
  struct Impl;
  JpegStatus decode_as(std::span<const std::byte> jpeg, const MutablePicture& to, std::uint32_t width,
                       std::uint32_t height, int subsampling) noexcept;
  JpegStatus fail(std::string_view message) noexcept;
  std::unique_ptr<Impl> impl_;
  std::string_view message_;
};

}  // namespace shmvideo::codec
