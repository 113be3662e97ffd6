// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "codec/jpeg_encoder.hpp"
#include "shmvideo/frame_info.hpp"

namespace shmvideo::sink {

/// One frame as a JPEG picture, with what stands before it in a multipart stream. Made once, then
/// shared by all who send it.
struct JpegPicture {
  std::uint64_t serial = 0;           ///< of the frame, counted by the feed: grows whatever the writer does
  std::uint64_t frame_ns = 0;         ///< when it was captured, for pacing (monotonic clock); a still: made
  FrameInfo info;                     ///< of the frame that it shows
  bool is_online = true;              ///< false: a still of the last frame, as the writer is lost
  std::uint64_t encode_begin_ns = 0;  ///< monotonic clock
  std::uint64_t encode_end_ns = 0;
  std::span<const std::byte> bytes;  ///< the picture; points into one of the two below

  codec::JpegBuffer coded;
  std::vector<std::byte> copied;

  std::string_view part_head() const noexcept { return {part_head_text.data(), part_head_bytes}; }
  std::array<char, 192> part_head_text{};
  std::size_t part_head_bytes = 0;
};

/// Pictures that nobody uses any more serve again, with their memory. All handles to them must be
/// dropped on the thread that owns the pool.
class PicturePool {
 public:
  std::shared_ptr<JpegPicture> take();
  std::size_t size() const noexcept { return pictures_.size(); }

 private:
  /// Free pictures beyond these are given back one by one, for a crowd of slow viewers leaves many.
  static constexpr std::size_t kSpare = 8;
  std::vector<std::shared_ptr<JpegPicture>> pictures_;
};

}  // namespace shmvideo::sink
