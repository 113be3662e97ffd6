// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "http/roles.hpp"
#include "shmvideo/pixel_format.hpp"
#include "shmvideo/writer.hpp"
#include "support/numbers.hpp"

namespace shmvideo_bench {

namespace {

shmvideo::WriterOptions options_for(const Clip& clip, unsigned fps) {
  shmvideo::WriterOptions options;
  options.program = "bench";
  options.source = "a clip in memory";
  for (const auto& frame : clip.frames) {
    options.slot_capacity_bytes = std::max<std::uint64_t>(options.slot_capacity_bytes, frame.size());
  }
  const auto format = shmvideo::pixel_format_from_fourcc(clip.info.fourcc);
  options.stream.kind = format && shmvideo::is_coded(*format) ? SHMV_KIND_CODED : SHMV_KIND_RAW;
  options.stream.fourcc = clip.info.fourcc;
  options.stream.width = clip.info.width;
  options.stream.height = clip.info.height;
  options.stream.fps_numerator = fps;
  return options;
}

}  // namespace

void feed(const std::string& segment, const Clip& clip, unsigned fps) {
  const auto writer = shmvideo::Writer::create(shmvideo::SegmentName(segment), options_for(clip, fps));
  say("ready");
  shmvideo::FrameInfo info = clip.info;
  const std::uint64_t began = now_ns();
  for (std::uint64_t frame = 0; !is_over(); ++frame) {
    sleep_until(began + frame * 1'000'000'000 / fps);
    const auto& bytes = clip.frames[frame % clip.frames.size()];
    info.payload_bytes = bytes.size();
    // Captured now, when it is complete in this program's memory, as a camera's is in its driver's: the
    // copy into the segment is part of the way to the viewer.
    info.capture_monotonic_ns = now_ns();
    info.capture_realtime_ns = 0;  // derived from that
    writer->publish(info, bytes);
  }
}

}  // namespace shmvideo_bench
