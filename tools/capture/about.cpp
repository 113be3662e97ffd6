// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "options.hpp"
#include "run.hpp"
#include "this_tool.hpp"

namespace shmvideo::capture {
namespace {

constexpr const char* kDescription =
    R"(shm-capture takes frames from a camera, a video file, a network stream, standard input or a test pattern and publishes them in a named segment of shared memory, where any number of programs read them in place. It never waits for a reader. When it stops, the segment is gone; when it is started again under the same name, readers that stayed go on with the new frames.

A camera is asked for the size and rate that are wanted, and the nearest that it has is used; where no raw format reaches the rate, one of its compressed ones is. Its own format is passed on where --format names it, else it is converted. A file plays at its own rate, by its time stamps; frames that are late are left out (counted as dropped: late). What comes live, from a URL or on standard input, is published as it comes.

A USB camera that is unplugged, or a stream that breaks off, ends nothing: it is opened again when it comes back, and readers see the segment's source as reconnecting until then. See LOSSES.)";

constexpr const char* kDevices =
    "--device says where frames come from by its form; --backend is for the few cases in which there is a "
    "choice.";

std::vector<toolkit::Note> device_notes() {
  return {{"0, 1, 2, ...", "The camera /dev/video0, /dev/video1, and so on."},
          {"/dev/...",
           "A camera by its path. The links in /dev/v4l/by-id stay with a camera wherever it is plugged in."},
          {"auto", "The first camera that delivers a frame."},
          {"pattern", "A test pattern, see below."},
          {"a URL", "Whatever FFmpeg opens, such as rtsp://, http:// and udp://, or MJPEG over HTTP."},
          {"-",
           "Standard input: YUV4MPEG2, MJPEG or another stream that says what it is. With both --resolution "
           "and --format it is taken as bare frames of that size and format."},
          {"a text with ' ! '",
           "A GStreamer pipeline as gst-launch-1.0 takes it. Without an appsink at its end, what is needed "
           "is added. With --backend gstreamer a camera, a file or a URL is given to GStreamer, too."},
          {"--backend opencv",
           "Gives a camera, a file or a URL to OpenCV, for what only OpenCV opens, such as image sequences "
           "(img-%03d.png). Its calls cannot be interrupted: where one hangs, shm-capture still stops in "
           "time, but a source that fell silent is noticed only when OpenCV gives up, or ends shm-capture."},
          {"anything else", "A video file, or a named pipe."}};
}

constexpr const char* kLosses =
    "A source that cannot be opened at the start ends shm-capture with status 1, unless --wait-device is "
    "given: then it tries until it can.\n\n"
    "Later, a camera, URL or pipeline that is lost is opened again: after 250 ms, then after twice as long "
    "each time, up to every 5 s, and without end where --max-reconnects sets none. Attempts count anew once "
    "a frame has come. Meanwhile the segment stays, its source is 'reconnecting', and readers keep waiting; "
    "frame numbers go on afterwards, and the first frame is flagged as one that does not follow.\n\n"
    "What delivers no frame for --stall-timeout (three frame times, where those are longer) is taken for "
    "lost; opening may take four times as long, and 20 s at least. If the library in use does not return "
    "from "
    "a call although it is told to, for as long again and 2 s at least, nothing can be done from within the "
    "process: it closes the segment and ends with status 1, to be started again.\n\n"
    "Files, pipes and standard input are not opened again: their end is the end, with status 0. If nothing "
    "comes from a pipe or standard input, there is a warning, and it waits.";

constexpr const char* kChanges =
    "When the configuration is read again and another source, size, rate, format or the like is asked for, "
    "the "
    "source is closed and opened anew. The segment keeps its name, readers stay, and frame numbers go on; "
    "the "
    "first frame says that it does not follow the one before, and where readers must know of another size or "
    "source, a new generation begins. A source that cannot be opened is treated as one that was lost: it is "
    "tried again until it can, or the configuration changes once more. Name, slots and permissions of the "
    "segment "
    "need a restart.";

constexpr const char* kSystemd =
    "The service shm-capture@NAME publishes the segment NAME, as user shm-capture and for the group video, "
    "and waits "
    "for its device (--wait-device). It has started when its first frame is published, or when it waits; its "
    "status tells what it publishes and how many read it.\n\n"
    "Its watchdog (WatchdogSec=) is fed while the newest frame is younger than half of that time, or than "
    "three frame "
    "times where those are longer, and while attempts to open a source that is away go on. With --on-loss "
    "exit it "
    "ends instead, and is started again. Every other supervisor that sets NOTIFY_SOCKET, WATCHDOG_USEC and "
    "WATCHDOG_PID is told the same.";

constexpr const char* kPattern =
    "The pattern shows colour bars, a grey ramp, a box that moves, the time of day, and the "
    "frame number in digits. Modulo 65536, the frame number also stands in 16 squares in a "
    "row from the pixel (16, 16): square k, whose left edge is at 16 + k * side, is white "
    "when bit k is set, else black. side is the largest multiple of 8, at most 32, with which "
    "all squares fit into the width less 32: 32 from a width of 544 on, 24 from 416, 16 from "
    "288, 8 from 160. A smaller picture has none. Who compares the middle of each square "
    "with 128 gets the number back after any lossy coding.";

toolkit::ToolInfo info() {
  return {.name = "shm-capture",
          .about = "Publish frames from a camera, a file, a stream or a test pattern in shared memory",
          .description = kDescription,
          .examples = {{"shm-capture", "Publish the camera /dev/video0 as billiards_video"},
                       {"shm-capture -d pattern -n demo -r 1280x720 -f 60", "Try it without a camera"},
                       {"shm-capture --list-devices", "See which USB cameras there are and what they can do"},
                       {"shm-capture -d /dev/video2 -r 1920x1080 -f 30 -m NV12",
                        "Another camera, in a smaller format"},
                       {"shm-capture -d film.mp4 --loop", "A file, again and again"},
                       {"shm-capture -d rtsp://user:password@camera/stream --wait-device",
                        "A network camera, whenever it is there"},
                       {"shm-capture -d http://camera/video.mjpg --copy",
                        "JPEG pictures as they are, to be served without encoding them again"},
                       {"ffmpeg -i film.mkv -f yuv4mpegpipe - | shm-capture -d - -n film",
                        "Whatever FFmpeg can make, through a pipe"},
                       {"shm-capture -d 'videotestsrc ! video/x-raw,width=640,height=480' -n test",
                        "A GStreamer pipeline"}},
          .exit_status = {},
          .sections = {{"DEVICES", kDevices, device_notes()},
                       {"LOSSES", kLosses, {}},
                       {"CHANGES WHILE IT RUNS", kChanges, {}},
                       {"TEST PATTERN", kPattern, {}},
                       {"SYSTEMD", kSystemd, {}}},
          .files = {{"/etc/shm-video/capture/NAME.conf",
                     "Variables of the service shm-capture@NAME: VIDEO_FILE is its device, OPTIONS its other "
                     "options."}},
          .see_also = {"shm-inspect", "shm-mjpeg"},
          .features = {"v4l2", "ffmpeg", "gstreamer and opencv (loaded when needed)", "pattern"}};
}

}  // namespace
}  // namespace shmvideo::capture

shmvideo::toolkit::Tool shmvideo::this_tool() {
  return toolkit::make_tool(capture::info(), capture::define, capture::run);
}
