// SPDX-License-Identifier: Apache-2.0
// What people are told of shm-mjpeg.
#include "options.hpp"
#include "run.hpp"
#include "this_tool.hpp"

namespace shmvideo::mjpeg {
namespace {

toolkit::ToolInfo info() {
  toolkit::ToolInfo info;
  info.name = "shm-mjpeg";
  info.about = "Serve a segment's video over HTTP as Motion JPEG";
  info.description =
      "Browsers, VLC, FFmpeg, OpenCV and Home Assistant show such a stream. Each frame is encoded once for "
      "each quality that is asked for, whoever asks; a slow viewer skips to the newest frame and delays "
      "nobody. When the writer is restarted, with whatever picture size, the streams go on; as long as there "
      "is none, requests for pictures are answered with status 503. Without a name, and with no segment "
      "there, "
      "it serves billiards_video when that comes.\n\n"
      "There is no encryption and nobody is asked for a password: whoever reaches the address sees the "
      "video.";
  info.examples = {{"shm-mjpeg", "Serve the only live segment at http://127.0.0.1:8000/"},
                   {"shm-mjpeg billiards_video -s 0.0.0.0 -p 8080 -q 75",
                    "Serve to the whole network, with smaller pictures"},
                   {"curl 'http://127.0.0.1:8000/snapshot?quality=95' -o now.jpg", "Take one picture"}};
  info.sections = {
      {.title = "URLS",
       .notes =
           {{"/stream/video, /stream/video/shm",
             "The stream (multipart/x-mixed-replace). Every part tells Content-Length, X-Timestamp (when the "
             "frame was captured, in seconds since 1970) and X-Frame-Number. Parameters: quality (1 to "
             "100), fps (1 to 60; --min-quality, --max-fps and their like set other limits) and key (what "
             "the viewer calls itself), as in /stream/video?quality=70&fps=10."},
            {"/snapshot", "The newest frame as one JPEG picture. Parameters: quality and key."},
            {"/stream/video/status", "How it is going, in JSON."},
            {"/", "A page that shows the stream."}}},
      {.title = "CHANGES WHILE IT RUNS",
       .text = "When the configuration is read again, nobody is dropped. Viewers that asked for no quality "
               "or rate get "
               "the new one from their next picture on, the others keep theirs; new limits are for the "
               "requests that "
               "come. The address, the port and the segment need a restart."}};
  info.see_also = {"shm-capture", "shm-inspect"};
  return info;
}

}  // namespace
}  // namespace shmvideo::mjpeg

shmvideo::toolkit::Tool shmvideo::this_tool() {
  return toolkit::make_tool(mjpeg::info(), mjpeg::define, mjpeg::run);
}
