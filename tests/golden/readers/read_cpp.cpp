// SPDX-License-Identifier: Apache-2.0
//
// golden-read-cpp NAME
//
// What the C++ interface reads in a segment, in the canonical form of ../README.md.
#include <iostream>
#include <vector>

#include "readers/canonical.h"
#include "shmvideo/reader.hpp"

namespace {

using namespace shmvideo;

void add(const FrameInfo& f, const std::vector<std::byte>& bytes) {
  golden_frame frame{};
  frame.number = f.number;
  frame.key_number = f.key_number;
  frame.source_number = f.source_number;
  frame.format_epoch = f.format_epoch;
  frame.fourcc = f.fourcc;
  frame.width = f.width;
  frame.height = f.height;
  frame.flags = f.flags;
  frame.plane_count = f.plane_count;
  frame.plane_offset = f.plane_offset.data();
  frame.plane_stride = f.plane_stride.data();
  frame.publish_monotonic_ns = f.publish_monotonic_ns;
  frame.capture_monotonic_ns = f.capture_monotonic_ns;
  frame.capture_realtime_ns = f.capture_realtime_ns;
  frame.pts = f.pts;
  frame.dts = f.dts;
  frame.duration = f.duration;
  frame.timebase_numerator = f.timebase_numerator;
  frame.timebase_denominator = f.timebase_denominator;
  const std::uint8_t colour[] = {f.colour_range, f.colour_primaries, f.colour_transfer, f.colour_matrix};
  std::copy(std::begin(colour), std::end(colour), std::begin(frame.colour));
  golden_add(&frame, bytes.data(), f.payload_bytes);
}

void read(const SegmentName& name) {
  ReaderOptions options;
  options.grade = Grade::copy;
  options.order = Order::in_order;
  options.start = Start::oldest;
  options.present = false;
  const auto reader = Reader::attach(name, options);
  const StreamInfo stream = reader->stream();
  const std::vector<std::byte> extradata = reader->extradata();
  golden_segment segment{};
  segment.name = name.str().c_str();
  segment.kind = stream.kind;
  segment.fourcc = stream.fourcc;
  segment.width = stream.width;
  segment.height = stream.height;
  segment.fps_numerator = stream.fps_numerator;
  segment.fps_denominator = stream.fps_denominator;
  segment.generation = reader->generation();
  segment.state = to_string(reader->state());
  segment.source_state = reader->source_state();
  segment.extradata = extradata.data();
  segment.extradata_bytes = extradata.size();
  golden_begin(&segment);
  std::vector<std::byte> bytes;
  FrameInfo info;
  while (reader->read_copy(bytes, info, std::chrono::seconds(0)) == ReadStatus::frame) add(info, bytes);
  golden_end();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    read(SegmentName(argv[1]));
    return 0;
  } catch (const Error& error) {
    golden_refused(to_string(error.code()));
    std::cerr << error.what() << '\n';
    return 1;
  }
}
