// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/multipart.hpp"

#include <array>
#include <cinttypes>
#include <cstdio>

namespace shmvideo::sink {
namespace {

// Enough for every number at its longest.
using FrameHeaders = std::array<char, 96>;

std::string_view write_frame_headers(const FrameInfo& info, FrameHeaders& text) noexcept {
  const std::uint64_t captured_us = info.capture_realtime_ns / 1000;
  const int written = std::snprintf(
      text.data(), text.size(), "X-Timestamp: %" PRIu64 ".%06" PRIu64 "\r\nX-Frame-Number: %" PRIu64 "\r\n",
      captured_us / 1'000'000, captured_us % 1'000'000, info.number);
  return {text.data(), static_cast<std::size_t>(written)};
}

}  // namespace

std::string frame_headers(const FrameInfo& info) {
  FrameHeaders text;
  return std::string(write_frame_headers(info, text));
}

void write_part_head(JpegPicture& picture) {
  FrameHeaders text;
  const std::string_view about_frame = write_frame_headers(picture.info, text);
  const int written =
      std::snprintf(picture.part_head_text.data(), picture.part_head_text.size(),
                    "Content-Type: image/jpeg\r\nContent-Length: %zu\r\n%.*s\r\n", picture.bytes.size(),
                    static_cast<int>(about_frame.size()), about_frame.data());
  picture.part_head_bytes = static_cast<std::size_t>(written);
}

}  // namespace shmvideo::sink
