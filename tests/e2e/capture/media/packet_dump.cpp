// SPDX-License-Identifier: Apache-2.0
// packet_dump NAME FRAMES SECONDS FILE: reads a segment in order, appends each payload to FILE and prints a
// line of JSON for it, until it has FRAMES, the writer has closed, or nothing came for SECONDS.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>

#include "shmvideo/pixel_format.hpp"
#include "shmvideo/reader.hpp"

using namespace shmvideo;

namespace {

void print(const Frame& frame) {
  const FrameInfo& info = frame.info();
  const auto format = pixel_format_from_fourcc(info.fourcc);
  std::printf("{\"number\": %" PRIu64
              ", \"format\": \"%s\", \"width\": %u, \"height\": %u, \"bytes\": %" PRIu64
              ", \"key\": %s, \"end\": %s, \"planes\": %u, \"pts\": %" PRId64 ", \"dts\": %" PRId64
              ", \"tick\": [%u, %u], \"valid\": %s}\n",
              info.number, format ? std::string(info_of(*format).name).c_str() : "?", info.width, info.height,
              info.payload_bytes, info.is_key() ? "true" : "false", info.is_end_of_stream() ? "true" : "false",
              info.plane_count, info.pts, info.dts, info.timebase_numerator, info.timebase_denominator,
              frame.valid() ? "true" : "false");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const long wanted = std::atol(argv[2]);
  const std::chrono::seconds patience(std::atol(argv[3]));
  std::ofstream file(argv[4], std::ios::binary);
  try {
    ReaderOptions options;
    options.order = Order::in_order;
    options.start = Start::oldest;
    options.attach_timeout = patience;
    options.program = "packet_dump";
    const auto reader = Reader::attach(SegmentName(argv[1]), options);
    Frame frame;
    for (long seen = 0; seen < wanted;) {
      const ReadStatus status = reader->next(frame, patience);
      if (status == ReadStatus::frame) {
        const auto bytes = frame.bytes();
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        print(frame);
        ++seen;
      } else if (status != ReadStatus::writer_gone) {
        break;
      }
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "packet_dump: %s\n", error.what());
    return 1;
  }
}
