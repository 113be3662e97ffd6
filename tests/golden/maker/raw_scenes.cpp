// SPDX-License-Identifier: Apache-2.0
// Raw pictures; what writers count; what a writer leaves that dies in the middle.
#include <array>

#include "maker/scene.hpp"
#include "shmvideo/reader.hpp"

namespace golden {
namespace {

using namespace shmvideo;

const StreamInfo kBgr = stream_of(make_fourcc('B', 'G', 'R', '3'), 16, 8);
const StreamInfo kGrey = stream_of(make_fourcc('G', 'R', 'E', 'Y'), 32, 4);

void make_bgr24(Workshop& workshop) {
  const std::string name = "raw-bgr24";
  const auto writer = Writer::create(SegmentName(name), small_options(kBgr, 3));
  for (int i = 0; i < 2; ++i) publish(*writer, packed_frame(kBgr, 3));
  workshop.keep(name, workshop.image_of(name));
}

/// Rows and planes with room between them, an odd height, and everything that a frame can tell of its
/// colours.
void make_nv12(Workshop& workshop) {
  const std::string name = "raw-nv12-with-strides";
  const StreamInfo stream = stream_of(make_fourcc('N', 'V', '1', '2'), 18, 9);
  FrameInfo info;
  info.fourcc = stream.fourcc;
  info.width = stream.width;
  info.height = stream.height;
  info.plane_count = 2;
  info.plane_stride = {32, 48, 0, 0};
  info.plane_offset = {64, 512, 0, 0};
  info.payload_bytes = 512 + 48 * 5;
  info.colour_range = 1;
  info.colour_primaries = 1;
  info.colour_transfer = 13;
  info.colour_matrix = 6;
  info.source_number = 77;
  const auto writer = Writer::create(SegmentName(name), small_options(stream, 2));
  for (int i = 0; i < 2; ++i) publish(*writer, info);
  workshop.keep(name, workshop.image_of(name));
}

/// More frames than the index has entries; and frames of two formats among them.
void make_wrapped(Workshop& workshop) {
  const std::string name = "index-gone-round";
  const auto writer = Writer::create(SegmentName(name), small_options(kGrey, 2));
  for (int i = 0; i < 10; ++i) publish(*writer, packed_frame(kGrey, 1));
  FrameInfo narrow = packed_frame(kGrey, 1);
  narrow.width = 16;
  narrow.flags |= SHMV_FRAME_DISCONTINUITY | SHMV_FRAME_CORRUPT;
  publish(*writer, narrow);
  workshop.keep(name, workshop.image_of(name));
}

void make_empty(Workshop& workshop) {
  const std::string name = "no-frame-yet";
  StreamInfo stream = kGrey;
  stream.fps_numerator = 0;
  stream.fps_denominator = 1;
  const auto writer = Writer::create(SegmentName(name), small_options(stream, 2));
  writer->set_source_state(SourceState::reconnecting);
  workshop.keep(name, workshop.image_of(name));
}

/// Killed while it filled a slot, another one claimed, and the frame in a third described wrongly.
void make_killed(Workshop& workshop) {
  const std::string name = "killed-while-writing";
  const auto writer = Writer::create(SegmentName(name), small_options(kGrey, 4));
  for (int i = 0; i < 6; ++i) publish(*writer, packed_frame(kGrey, 1));
  Writer::Loan loan = writer->loan();  // the slot of frame 3
  fill(loan.bytes().first(64), 7);
  Image image = workshop.image_of(name);
  image.descriptor(image.slot_of(4)).sequence |= SHMV_SLOT_CLAIMED;
  image.descriptor(image.slot_of(5)).payload_bytes = image.header().slot_capacity_bytes + 1;
  workshop.keep(name, image);
}

/// A reader held every slot that the writer could have taken.
void make_revoked(Workshop& workshop) {
  const std::string name = "held-and-revoked";
  const auto writer = Writer::create(SegmentName(name), small_options(kGrey, 2));
  const auto reader = Reader::attach(SegmentName(name));
  std::array<Frame, 2> held;
  for (Frame& frame : held) {
    publish(*writer, packed_frame(kGrey, 1));
    reader->next(frame, std::chrono::seconds(0));
  }
  for (int i = 0; i < 3; ++i) publish(*writer, packed_frame(kGrey, 1));
  workshop.keep(name, workshop.image_of(name));
}

void make_counted(Workshop& workshop) {
  const std::string name = "counts-and-times";
  const auto writer = Writer::create(SegmentName(name), small_options(kGrey, 2));
  const DropCause causes[] = {DropCause::source, DropCause::corrupt, DropCause::too_large, DropCause::no_slot,
                              DropCause::late};
  for (const DropCause cause : causes) writer->drop(cause, 10 + static_cast<std::uint64_t>(cause));
  for (const std::uint64_t ns : {1U, 1024U, 1025U, 5'000'000U}) {
    publish(*writer, packed_frame(kGrey, 1));
    writer->add_stage_time(Stage::read, ns);
    writer->add_stage_time(Stage::convert, ns * 1000);
  }
  writer->count_reopening();
  writer->set_frame_interval_ns(40 * kMillisecond);
  Image image = workshop.image_of(name);
  image.header().dropped[6] = 6;  // a cause of a later version
  image.header().sleepers_woken = 3;
  workshop.keep(name, image);
}

/// As long as they may be, and longer: then cut between two characters.
void make_long_texts(Workshop& workshop) {
  std::string name = "longest-name-";
  while (name.size() < SHMV_NAME_MAX) name += static_cast<char>('a' + name.size() % 26);
  WriterOptions options = small_options(kGrey, 2);
  options.program = "Gr\u00fc\u00dfe-\u540d\u524d-\U0001f4f7-programme-x";  // 31 bytes
  options.source.clear();
  while (options.source.size() < 600) options.source += "\u6620\u50cf \"\\/ ";
  const auto writer = Writer::create(SegmentName(name), options);
  publish(*writer, packed_frame(kGrey, 1));
  workshop.keep(name, workshop.image_of(name));
}

}  // namespace

void make_raw_scenes(Workshop& workshop) {
  make_bgr24(workshop);
  make_nv12(workshop);
  make_wrapped(workshop);
  make_empty(workshop);
  make_killed(workshop);
  make_revoked(workshop);
  make_counted(workshop);
  make_long_texts(workshop);
}

}  // namespace golden
