// SPDX-License-Identifier: Apache-2.0
#include "capture.hpp"

#include "options.hpp"
#include "run.hpp"

namespace shmvideo::capture {
namespace {

constexpr const char* kDescription =
    R"(shm-capture takes frames from a camera, a video file or a test pattern and publishes them in a named segment of shared memory, where any number of programs read them in place. It never waits for a reader. When it stops, the segment is gone; when it is started again under the same name, readers that stayed go on with the new frames.

A camera is asked for the size and rate that are wanted, and the nearest that it has is used. Its own format is passed on where --format names it, else it is converted. A file plays at its own rate, by its time stamps; frames that are late are left out (counted as dropped: late).)";

toolkit::ToolInfo info() {
  return {
      .name = "shm-capture",
      .about = "Publish frames from a camera, a file or a test pattern in shared memory",
      .description = kDescription,
      .examples = {{"shm-capture", "Publish the first camera as billiards_video"},
                   {"shm-capture -d pattern -n demo -r 1280x720 -f 60", "Try it without a camera"},
                   {"shm-capture -d /dev/video2 -r 1920x1080 -m NV12", "Another camera, in a smaller format"},
                   {"shm-capture -d film.mp4 --loop", "A file, again and again"}},
      .exit_status = {},
      .sections =
          {{"TEST PATTERN",
            "The pattern shows colour bars, a grey ramp, a box that moves, the time of day, and the "
            "frame number in digits. Modulo 65536, the frame number also stands in 16 squares in a "
            "row from the pixel (16, 16): square k, whose left edge is at 16 + k * side, is white "
            "when bit k is set, else black. side is the largest multiple of 8, at most 32, with which "
            "all squares fit into the width less 32: 32 from a width of 544 on, 24 from 416, 16 from "
            "288, 8 from 160. A smaller picture has none. Who compares the middle of each square "
            "with 128 gets the number back after any lossy coding.",
            {}}},
      .files = {},
      .see_also = {"shm-inspect", "shm-mjpeg"},
      .features = {"opencv", "pattern"}};
}

}  // namespace

toolkit::Tool capture_tool() { return toolkit::make_tool<CaptureOptions>(info(), define, run); }

}  // namespace shmvideo::capture
