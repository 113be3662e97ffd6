// SPDX-License-Identifier: Apache-2.0
// shm-video's own segment. PLACE is a directory for it.
#include <chrono>
#include <span>

#include "peer.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"

namespace {

const shmvideo::SegmentName kName("peer");

int write_to(const char* place, double fps, double seconds) {
  ::setenv("SHM_VIDEO_DIR", place, 1);
  shmvideo::WriterOptions options;
  options.slot_capacity_bytes = peer::kFrameBytes;
  const auto writer = shmvideo::Writer::create(kName, options);
  shmvideo::FrameInfo info;
  info.fourcc = shmvideo::make_fourcc('B', 'G', 'R', '3');
  info.width = peer::kWidth;
  info.height = peer::kHeight;
  info.payload_bytes = peer::kFrameBytes;
  info.plane_count = 1;
  info.plane_stride[0] = peer::kWidth * 3;
  peer::write_frames(fps, seconds, [&](const auto& picture, std::uint64_t) {
    if (writer->publish(info, std::as_bytes(std::span(picture))) != shmvideo::PublishStatus::published)
      std::exit(1);
  });
  return 0;
}

int read_from(const char* place) {
  ::setenv("SHM_VIDEO_DIR", place, 1);
  shmvideo::ReaderOptions options;
  options.start = shmvideo::Start::next;
  options.attach_timeout = std::chrono::seconds(10);
  const auto reader = shmvideo::Reader::attach(kName, options);
  peer::Reading reading;
  peer::say_ready();
  shmvideo::Frame frame;
  while (!reading.is_over())
    if (reader->next(frame, std::chrono::milliseconds(300)) == shmvideo::ReadStatus::frame)
      reading.take(reinterpret_cast<const std::uint8_t*>(frame.bytes().data()),
                   [&] { return frame.valid(); });
  reading.tell();
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return peer::main(argc, argv, write_to, read_from); }
