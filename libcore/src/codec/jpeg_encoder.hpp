// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "codec/convert.hpp"
#include "shmvideo/picture.hpp"

namespace shmvideo::codec {

constexpr int kJpegQualityMin = 1;
constexpr int kJpegQualityMax = 100;

/// Memory for one coded picture. Grows to the largest that a picture of the size can become and keeps
/// it, so that encoding again allocates nothing. Only pages that were written to are resident, and they are
/// small ones wherever the kernel would give huge ones: a coded picture is a thirtieth of the largest.
class JpegBuffer {
 public:
  JpegBuffer() noexcept = default;
  ~JpegBuffer();
  JpegBuffer(const JpegBuffer&) = delete;
  JpegBuffer& operator=(const JpegBuffer&) = delete;

  /// The coded picture; empty before the first and after a failed encoding.
  std::span<const std::byte> bytes() const noexcept { return {memory_, size_}; }

 private:
  friend class JpegEncoder;
  bool reserve(std::size_t bytes) noexcept;
  std::byte* memory_ = nullptr;  // mapped
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

/// Encodes raw pictures of any format as JFIF: 4:2:0, or luma alone for GRAY8.
/// Reusable; allocates when the size or format of the pictures changes, not per frame.
/// Thread-safety: one thread at a time for each encoder.
class JpegEncoder {
 public:
  /// Throws Error(codec_failed) when out of memory.
  JpegEncoder();
  ~JpegEncoder();
  JpegEncoder(JpegEncoder&&) noexcept;
  JpegEncoder& operator=(JpegEncoder&&) noexcept;

  /// Encodes `picture` at `quality` (1 to 100; beyond is cut) into `to`. On false, `to` is empty and
  /// message() says why. Whatever the samples are, they make a picture; only a coded format, a size
  /// of 0 or beyond JPEG's 65500, or want of memory makes it fail.
  bool encode(const Picture& picture, int quality, JpegBuffer& to) noexcept;

  /// What the last failure was, without a final dot. Valid until the next call.
  std::string_view message() const noexcept { return message_; }

 private:
  struct Impl;
  bool fail(std::string_view message) noexcept;
  std::unique_ptr<Impl> impl_;
  std::string_view message_;
};

}  // namespace shmvideo::codec
