// SPDX-License-Identifier: Apache-2.0
// A stranger's program: prints the numbers of the next three frames of a segment.
#include <chrono>
#include <cstdio>
#include <shmvideo/reader.hpp>

int main(int argc, char** argv) try {
  shmvideo::ReaderOptions options;
  options.attach_timeout = std::chrono::seconds(10);
  const auto reader = shmvideo::Reader::attach(shmvideo::SegmentName(argc > 1 ? argv[1] : "demo"), options);
  shmvideo::Frame frame;
  for (int wanted = 3; wanted > 0;) {
    const auto status = reader->next(frame, std::chrono::seconds(5));
    if (status != shmvideo::ReadStatus::frame) return std::printf("%s\n", to_string(status)), 1;
    const auto& info = frame.info();
    const auto number = static_cast<unsigned long long>(info.number);
    if (frame.valid()) std::printf("frame %llu %ux%u\n", number, info.width, info.height), --wanted;
  }
} catch (const shmvideo::Error& error) {
  return std::fprintf(stderr, "%s\n", error.what()), 1;
}
