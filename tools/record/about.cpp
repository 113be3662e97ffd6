// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"
#include "run.hpp"
#include "this_tool.hpp"

namespace shmvideo::record {
namespace {

constexpr const char* kDescription =
    R"(shm-record writes the frames of a segment to a file, each with the time at which it was captured: a camera that slows down in the dark, or a pause, stays what it was. What the file is follows from its name's ending: .mkv, .mp4, .avi, .y4m, .raw, .mjpeg, or pictures numbered like frame-%06d.jpg or frame-%06d.png.

Raw frames become H.264 in .mkv and .mp4, JPEG in .avi, .mjpeg and .jpg. Frames that are coded already (JPEG, H.264, H.265) are copied as they are, from a key frame on.

When the writer stops, the recording is finished, with status 0. When the writer dies, the recording waits for the next one and goes on with it. When the picture's size changes, a new file begins: film-001.mp4 after film.mp4.)";

toolkit::ManSection files_section() {
  return {
      .title = "RECORDINGS",
      .text =
          "What is in a file plays, whatever becomes of the recorder: when it is told to stop, it finishes "
          "the "
          "file; when the disk is full, it says so and the file is cut back to its last whole frame; when it "
          "is "
          "killed, a .mkv or .mp4 file ends some seconds earlier, at most, than it would have.",
      .notes = {{"mkv", "H.264 or JPEG. Times are kept to the millisecond."},
                {"mp4", "H.264 or JPEG, in fragments of two seconds. Times are kept to 1/90000 of a second."},
                {"avi",
                 "JPEG. The rate is the segment's nominal one, or 30; frames stand at its next multiple, "
                 "pauses are "
                 "kept."},
                {"y4m", "YUV4MPEG2: 4:2:0, not compressed, without times."},
                {"raw",
                 "The bytes of the frames, one after the other, in the segment's own format and without gaps "
                 "between "
                 "rows; of coded segments the coded bytes. Without times."},
                {"mjpeg", "JPEG pictures, one after the other, without times."},
                {"jpg, png",
                 "A file for each frame. The name has the number once, as %d or padded with zeros as %06d; "
                 "the first "
                 "is 1. %% stands for a percent sign."}}};
}

toolkit::ManSection losses_section() {
  return {
      .title = "LOST FRAMES",
      .text =
          "Frames are copied out of the segment at once, and wait in a queue (--queue) to be encoded and "
          "written. Only when it is full, frames are missed. At the end the numbers are told, by cause: "
          "queue full (the encoder or the disk is too slow: try --preset ultrafast or --codec mjpeg, or a "
          "longer --queue), not looked at in time (the machine has no time for the recorder), overwritten "
          "while read, unusable (they contradict their own description), and not written in time (after a "
          "signal, see --shutdown-timeout).\n\n"
          "The colours of H.264 and y4m are YCbCr as of BT.601, limited range, and the files say so. H.264 "
          "leaves out the last column or row of a picture whose width or height is odd."};
}

toolkit::ToolInfo info() {
  return {.name = "shm-record",
          .about = "Record a segment's video to a file",
          .description = kDescription,
          .examples = {{"shm-record billiards_video -o game.mp4", "Record until the writer stops, or Ctrl-C"},
                       {"shm-record demo -o clip.mkv -t 10s", "Record ten seconds"},
                       {"shm-record demo -o - --container y4m | ffplay -", "Look at it with another program"},
                       {"shm-record demo -o 'frame-%06d.jpg' -c 100", "Save a hundred pictures"}},
          .exit_status = {{"1", "Also when standard output was closed, or the picture changed on it."},
                          {"3", "Done, but frames were lost (with --strict)."}},
          .sections = {files_section(), losses_section()},
          .files = {},
          .see_also = {"shm-capture", "shm-inspect", "shm-mjpeg"},
          .features = {"h264", "jpeg", "png", "matroska", "mp4", "avi", "y4m"},
          .closed_output = "ends the recording, with status 1"};
}

}  // namespace
}  // namespace shmvideo::record

shmvideo::toolkit::Tool shmvideo::this_tool() {
  return toolkit::make_tool(record::info(), record::define, record::run);
}
