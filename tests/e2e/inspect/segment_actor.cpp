// SPDX-License-Identifier: Apache-2.0
// segment_actor write NAME FORMAT WIDTHxHEIGHT FRAMES INTERVAL_MS   then stays, without a sign of life
// segment_actor read NAME GRADE PAUSE_MS                            takes a frame, pauses, and so on
//
// A written picture is red in its left half (the larger one) and blue in its right. Frames of a format
// that is no RGB hold the frame's number in every byte. Ends by a signal only, closing nothing, but
// for SIGTERM, which closes in good order.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"

using namespace shmvideo;

namespace {

volatile std::sig_atomic_t is_over = 0;

void wait(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!is_over && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::min(time, std::chrono::milliseconds(5)));
  }
}

void say(const char* word) {
  std::puts(word);
  std::fflush(stdout);
}

void paint(std::vector<std::byte>& bytes, const FrameInfo& info, PixelFormat format, int number) {
  std::fill(bytes.begin(), bytes.end(), static_cast<std::byte>(number));
  if (format != PixelFormat::bgr24) return;
  for (std::size_t y = 0; y < info.height; ++y) {
    for (std::size_t x = 0; x < info.width; ++x) {
      std::byte* pixel = bytes.data() + y * info.plane_stride[0] + x * 3;
      const bool is_left = x < (info.width + 1) / 2;
      pixel[0] = std::byte(is_left ? 0 : 255);
      pixel[1] = std::byte(0);
      pixel[2] = std::byte(is_left ? 255 : 0);
    }
  }
}

int write(char** argv) {
  const PixelFormat format = pixel_format_from_name(argv[3]).value();
  const auto width = static_cast<std::uint32_t>(std::strtoul(argv[4], nullptr, 10));
  const auto height = static_cast<std::uint32_t>(std::strtoul(std::strchr(argv[4], 'x') + 1, nullptr, 10));
  const int frames = std::atoi(argv[5]);
  const std::chrono::milliseconds interval(std::atoi(argv[6]));
  FrameInfo info = packed_frame_info(format, width, height);
  if (is_coded(format)) {
    info.fourcc = info_of(format).fourcc;
    info.payload_bytes = 1000;
  }
  WriterOptions options;
  options.stream = {.kind = is_coded(format) ? 2u : 1u, .fourcc = info.fourcc, .width = width, .height = height,
                    .fps_numerator = 25, .fps_denominator = 1};
  options.slots = 4;
  options.slot_capacity_bytes = info.payload_bytes;
  options.program = "segment_actor";
  options.source = "made up";
  const auto writer = Writer::create(SegmentName(argv[2]), options);
  say("created");
  writer->drop(DropCause::late, 3);
  std::vector<std::byte> bytes(info.payload_bytes);
  for (int number = 1; number <= frames && !is_over; ++number) {
    paint(bytes, info, format, number);
    if (writer->publish(info, bytes) != PublishStatus::published) return 1;
    wait(interval);
  }
  say("written");
  while (!is_over) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}

int read(char** argv) {
  ReaderOptions options;
  options.grade = std::string(argv[3]) == "hold" ? Grade::hold : Grade::copy;
  options.order = Order::in_order;
  options.attach_timeout = std::chrono::seconds(10);
  options.program = "segment_actor";
  const auto reader = Reader::attach(SegmentName(argv[2]), options);
  say("attached");
  Frame frame;
  while (!is_over) {
    reader->next(frame, std::chrono::milliseconds(100));
    wait(std::chrono::milliseconds(std::atoi(argv[4])));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGTERM, [](int) { is_over = 1; });
  try {
    if (argc == 7 && std::string(argv[1]) == "write") return write(argv);
    if (argc == 5 && std::string(argv[1]) == "read") return read(argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "segment_actor: %s\n", error.what());
    return 1;
  }
  return 2;
}
