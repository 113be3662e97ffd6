// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/multipart.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdarg>
#include <cstdio>

#include "segment/clock.hpp"

namespace shmvideo::sink {
namespace {

/// Appends what snprintf makes of it to a text that has room for it.
template <std::size_t kRoom>
class HeadWriter {
 public:
  explicit HeadWriter(std::array<char, kRoom>& text) noexcept : text_(text) {}

  [[gnu::format(printf, 2, 3)]] void add(const char* format, ...) noexcept {
    std::va_list values;
    va_start(values, format);
    const int written = std::vsnprintf(text_.data() + size_, text_.size() - size_, format, values);
    va_end(values);
    if (written > 0) size_ = std::min(size_ + static_cast<std::size_t>(written), text_.size() - 1);
  }
  void add_frame(const FrameInfo& info) noexcept {
    const std::uint64_t captured_us = info.capture_realtime_ns / 1000;
    add("X-Timestamp: %" PRIu64 ".%06" PRIu64 "\r\nX-Frame-Number: %" PRIu64 "\r\n", captured_us / 1'000'000,
        captured_us % 1'000'000, info.number);
  }
  void add_part(const FrameInfo& info, std::size_t bytes) noexcept {
    add("Content-Type: image/jpeg\r\nContent-Length: %zu\r\n", bytes);
    add_frame(info);
  }
  void add_seconds(const char* name, std::uint64_t ns) noexcept {
    add("X-ShmVideo-%s: %" PRIu64 ".%06" PRIu64 "\r\n", name, ns / 1'000'000'000, ns / 1000 % 1'000'000);
  }
  std::string_view text() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, kRoom>& text_;
  std::size_t size_ = 0;
};

}  // namespace

std::string frame_headers(const FrameInfo& info) {
  std::array<char, 96> text;
  HeadWriter writer(text);
  writer.add_frame(info);
  return std::string(writer.text());
}

void write_part_head(JpegPicture& picture) {
  HeadWriter writer(picture.part_head_text);
  writer.add_part(picture.info, picture.bytes.size());
  // A still shows an old frame, with the time of that: everybody is told, asked or not.
  if (!picture.is_online) writer.add("X-ShmVideo-Online: false\r\n");
  writer.add("\r\n");
  picture.part_head_bytes = writer.text().size();
}

std::string_view write_part_head(const FrameInfo& info, std::size_t bytes, const PartExtras* extras,
                                 PartHead& text) noexcept {
  HeadWriter writer(text);
  writer.add_part(info, bytes);
  if (extras) {
    writer.add("X-ShmVideo-Online: %s\r\nX-ShmVideo-Dropped: %" PRIu64 "\r\n",
               extras->is_online ? "true" : "false", extras->dropped);
    writer.add("X-ShmVideo-Width: %u\r\nX-ShmVideo-Height: %u\r\nX-ShmVideo-Client-FPS: %.1f\r\n",
               extras->width, extras->height, extras->client_fps);
    writer.add_seconds("Grab-Time", extras->grab_ns);
    writer.add_seconds("Encode-Begin-Time", extras->encode_begin_ns);
    writer.add_seconds("Encode-End-Time", extras->encode_end_ns);
    writer.add_seconds("Send-Time", extras->send_ns);
    writer.add_seconds("Latency", age_ns(extras->send_ns, extras->grab_ns));
  }
  writer.add("\r\n");
  return writer.text();
}

}  // namespace shmvideo::sink
