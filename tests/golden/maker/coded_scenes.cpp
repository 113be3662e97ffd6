// SPDX-License-Identifier: Apache-2.0
// Coded video: opaque runs of bytes, with the codec's parameters, key frames and times of their own.
#include <vector>

#include "maker/scene.hpp"

namespace golden {
namespace {

using namespace shmvideo;

constexpr std::int64_t kFrameTicks = 3003;  // of 1/90000 s

FrameInfo coded_frame(const StreamInfo& stream, int at, int shown_at) {
  FrameInfo info;
  info.fourcc = stream.fourcc;
  info.width = stream.width;
  info.height = stream.height;
  info.payload_bytes = static_cast<std::uint64_t>(at == 0 || at == 4 ? 900 + at : 40 + 3 * at);
  info.flags = at == 0 || at == 4 ? SHMV_FRAME_KEY : 0;
  info.pts = kFrameTicks * shown_at - 5;
  info.dts = kFrameTicks * (at - 1) - 5;
  info.duration = kFrameTicks;
  info.timebase_numerator = 1;
  info.timebase_denominator = 90000;
  info.source_number = 1000 + static_cast<std::uint64_t>(at);
  return info;
}

}  // namespace

/// Two groups of pictures, with some shown in another order than they are coded in.
void make_coded_scenes(Workshop& workshop) {
  const std::string name = "coded-h264";
  StreamInfo stream = stream_of(make_fourcc('H', '2', '6', '4'), 320, 240);
  stream.kind = SHMV_KIND_CODED;
  WriterOptions options = small_options(stream, 6);
  options.source = "rtsp://camera/stream";
  const auto writer = Writer::create(SegmentName(name), options);
  std::vector<std::byte> parameters;
  for (const unsigned byte :
       {0x00U, 0x00U, 0x00U, 0x01U, 0x67U, 0x42U, 0xc0U, 0x1eU, 0xffU, 0x00U, 0x00U, 0x01U, 0x68U})
    parameters.push_back(static_cast<std::byte>(byte));
  writer->set_extradata(parameters);
  const int shown_at[] = {0, 3, 1, 2, 4, 7, 5, 6};
  for (int at = 0; at < 8; ++at) {
    FrameInfo info = coded_frame(stream, at, shown_at[at]);
    if (at == 4) info.flags |= SHMV_FRAME_DISCONTINUITY;
    if (at == 5) info.flags |= SHMV_FRAME_CORRUPT;
    if (at == 6) info.pts = info.dts = SHMV_NO_TIME;
    if (at == 7) info.flags |= SHMV_FRAME_END_OF_STREAM;
    publish(*writer, info);
  }
  writer->set_source_state(SourceState::ended);
  workshop.keep(name, workshop.image_of(name));
}

}  // namespace golden
