// SPDX-License-Identifier: Apache-2.0
// coded_writer NAME FORMAT: publishes 25 coded frames a second until SIGTERM, which closes the segment in
// good order. FORMAT is JPEG (pictures), H264 (bytes that are none), or NONE (a writer without frames).
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "codec/jpeg_encoder.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/writer.hpp"

using namespace shmvideo;

namespace {

volatile std::sig_atomic_t is_over = 0;

std::vector<std::byte> noisy_jpeg() {
  const FrameInfo info = packed_frame_info(PixelFormat::gray8, 320, 240);
  std::vector<std::byte> pixels(info.payload_bytes);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::byte>(i * i >> 7);
  codec::JpegEncoder encoder;
  codec::JpegBuffer buffer;
  encoder.encode(*as_picture(info, std::span(std::as_const(pixels))), 90, buffer);
  return {buffer.bytes().begin(), buffer.bytes().end()};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::signal(SIGTERM, [](int) { is_over = 1; });
  const std::string format = argv[2];
  const bool is_jpeg = format == "JPEG";
  WriterOptions options;
  options.slot_capacity_bytes = 256 * 1024;
  options.stream.kind = SHMV_KIND_CODED;
  options.stream.fourcc = info_of(is_jpeg ? PixelFormat::jpeg : PixelFormat::h264).fourcc;
  options.stream.width = 320;
  options.stream.height = 240;
  const auto writer = Writer::create(SegmentName(argv[1]), options);
  const std::vector<std::byte> payload = is_jpeg ? noisy_jpeg() : std::vector<std::byte>(1000, std::byte{1});
  FrameInfo info;
  info.fourcc = options.stream.fourcc;
  info.width = options.stream.width;
  info.height = options.stream.height;
  info.payload_bytes = payload.size();
  while (!is_over) {
    if (format == "NONE") {
      writer->progress();
    } else {
      writer->publish(info, payload);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
  }
}
