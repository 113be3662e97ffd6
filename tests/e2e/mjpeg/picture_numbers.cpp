// SPDX-License-Identifier: Apache-2.0
// Reads JPEG pictures from standard input, each after a line with its size in bytes, and prints a line
// for each: "WIDTHxHEIGHT NUMBER", the number being the one that the test pattern draws.
#include <cstdio>
#include <vector>

#include "codec/jpeg_decoder.hpp"
#include "shmvideo/picture.hpp"
#include "source/pattern/number_squares.hpp"

using namespace shmvideo;

int main() {
  codec::JpegDecoder decoder;
  std::size_t size = 0;
  while (std::scanf("%zu", &size) == 1 && std::getchar() == '\n') {
    std::vector<std::byte> jpeg(size);
    if (std::fread(jpeg.data(), 1, size, stdin) != size) return 1;
    const auto header = decoder.probe(jpeg);
    if (!header) {
      std::puts("not a picture");
      continue;
    }
    const FrameInfo info = packed_frame_info(PixelFormat::bgr24, header->width, header->height);
    std::vector<std::byte> pixels(info.payload_bytes);
    const auto picture = as_picture(info, std::span(pixels));
    if (!picture || decoder.decode(jpeg, *picture) != codec::JpegStatus::ok) {
      std::puts("damaged");
      continue;
    }
    const auto number = source::read_number(*picture);
    std::printf("%ux%u %d\n", header->width, header->height, number ? int{*number} : -1);
  }
}
