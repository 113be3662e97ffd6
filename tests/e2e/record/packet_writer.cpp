// SPDX-License-Identifier: Apache-2.0
// packet_writer NAME FORMAT WIDTHxHEIGHT: publishes coded frames from standard input, each after a line
// "BYTES KEY MS": its size, 1 if it is a key frame, and when it was captured after the first. Begins when
// somebody reads the segment, keeps to the times, and closes the segment at the end.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "shmvideo/pixel_format.hpp"
#include "shmvideo/report.hpp"
#include "shmvideo/writer.hpp"

using namespace shmvideo;

namespace {

void wait_for_a_reader(const SegmentName& name, Writer& writer) {
  while (report(name).readers.empty()) {
    writer.progress();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  // It may be about to attach once more, to begin with a key frame.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto format = pixel_format_from_name(argv[2]);
  WriterOptions options;
  options.slot_capacity_bytes = 512 * 1024;
  options.slots = 30;
  options.stream.kind = SHMV_KIND_CODED;
  options.stream.fourcc = info_of(format.value()).fourcc;
  options.stream.width = static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 10));
  options.stream.height =
      static_cast<std::uint32_t>(std::strtoul(std::strchr(argv[3], 'x') + 1, nullptr, 10));
  const SegmentName name(argv[1]);
  const auto writer = Writer::create(name, options);
  wait_for_a_reader(name, *writer);

  FrameInfo info;
  info.fourcc = options.stream.fourcc;
  info.width = options.stream.width;
  info.height = options.stream.height;
  const auto start = std::chrono::steady_clock::now();
  std::size_t size = 0;
  int is_key = 0;
  int milliseconds = 0;
  while (std::scanf("%zu %d %d", &size, &is_key, &milliseconds) == 3 && std::getchar() == '\n') {
    std::vector<std::byte> payload(size);
    if (std::fread(payload.data(), 1, size, stdin) != size) return 1;
    const auto captured = start + std::chrono::milliseconds(milliseconds);
    std::this_thread::sleep_until(captured);
    info.payload_bytes = size;
    info.flags = is_key ? SHMV_FRAME_KEY : 0;
    info.capture_monotonic_ns = static_cast<std::uint64_t>(captured.time_since_epoch().count());
    writer->publish(info, payload);
  }
  // Who reads in order gets them all.
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
}
