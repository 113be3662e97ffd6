// SPDX-License-Identifier: Apache-2.0
// frame_log NAME FRAMES SECONDS: reads a segment in order and prints a line of JSON for each frame,
// until it has FRAMES, the writer has closed, or nothing came for SECONDS.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "source/pattern/number_squares.hpp"

using namespace shmvideo;

namespace {

/// The number in the picture's squares, -1 without squares.
int squares_of(const Frame& frame) {
  const auto picture = as_picture(frame.info(), frame.bytes());
  const auto number = picture ? source::read_number(*picture) : std::nullopt;
  return number ? *number : -1;
}

void print(const Frame& frame) {
  const FrameInfo& info = frame.info();
  const int squares = squares_of(frame);
  const auto format = pixel_format_from_fourcc(info.fourcc);
  std::printf("{\"number\": %" PRIu64
              ", \"squares\": %d, \"width\": %u, \"height\": %u, \"format\": \"%s\", "
              "\"generation\": %" PRIu64 ", \"source_number\": %" PRIu64
              ", \"end\": %s, \"discontinuity\": %s, \"capture_ns\": %" PRIu64 ", \"pts\": %" PRId64
              ", \"valid\": %s}\n",
              info.number, squares, info.width, info.height,
              format ? std::string(info_of(*format).name).c_str() : "?", info.generation, info.source_number,
              info.is_end_of_stream() ? "true" : "false",
              (info.flags & SHMV_FRAME_DISCONTINUITY) != 0 ? "true" : "false", info.capture_monotonic_ns,
              info.pts, frame.valid() ? "true" : "false");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const long wanted = std::atol(argv[2]);
  const std::chrono::seconds patience(std::atol(argv[3]));
  try {
    ReaderOptions options;
    options.order = Order::in_order;
    options.start = Start::oldest;
    options.attach_timeout = patience;
    options.program = "frame_log";
    const auto reader = Reader::attach(SegmentName(argv[1]), options);
    Frame frame;
    for (long seen = 0; seen < wanted;) {
      const ReadStatus status = reader->next(frame, patience);
      if (status == ReadStatus::frame) {
        print(frame);
        ++seen;
      } else if (status != ReadStatus::writer_gone) {
        std::printf("{\"status\": \"%s\"}\n", to_string(status));
        break;
      }
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "frame_log: %s\n", error.what());
    return 1;
  }
}
