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
      "is none, viewers see the last picture with a line that says why, and requests for new streams are "
      "answered with status 503. Without a name, and with no segment there, it serves billiards_video when "
      "that comes.\n\n"
      "Without --auth-file nobody is asked for a password: whoever reaches the address sees the video.";
  info.examples = {
      {"shm-mjpeg", "Serve the only live segment at http://127.0.0.1:8000/"},
      {"shm-mjpeg billiards_video -s 0.0.0.0 -p 8080 -q 75",
       "Serve to the whole network, with smaller pictures"},
      {"shm-mjpeg front garden", "Serve two segments, the second at /s/garden/"},
      {"shm-mjpeg front -s 0.0.0.0 --tls-cert front.crt --tls-key front.key",
       "Serve to the network by HTTPS"},
      {"shm-mjpeg front --unix /run/shm-mjpeg/http.sock", "Serve a proxy on this machine, and nobody else"},
      {"shm-mjpeg --all --adaptive", "Serve all that there are and will be, to all kinds of networks"},
      {"shm-mjpeg --source camera -r 640x480", "Show the camera while somebody watches, without a segment"},
      {"shm-mjpeg -s 0.0.0.0 --auth-file /etc/shm-video/auth",
       "Serve to those on the network who are in that file"},
      {"curl 'http://127.0.0.1:8000/snapshot?quality=95' -o now.jpg", "Take one picture"}};
  info.sections = {
      {.title = "URLS",
       .text = "What they take and answer stands in full in docs/http.md of the sources.",
       .notes =
           {{"/stream/video, /stream/video/shm, /stream, /stream.mjpg, /?action=stream",
             "The stream (multipart/x-mixed-replace). Every part tells Content-Length, X-Timestamp (when the "
             "frame was captured, in seconds since 1970) and X-Frame-Number. Parameters: quality (1 to "
             "100), fps (1 to 60; --min-quality, --max-fps and their like set other limits), width and "
             "height "
             "(it fits inside), max_delay, adaptive, key (what the viewer calls itself), extra_headers, "
             "advance_headers, dual_final_frames and zero_data, as in /stream/video?quality=70&fps=10."},
            {"/stream/video/frame, /stream/video/shm/frame, /snapshot, /snapshot.jpg, /?action=snapshot",
             "The newest frame as one JPEG picture. Parameters: quality, width, height and key."},
            {"/stream/video/raw, /stream/video/shm/raw",
             "The newest frame's bytes; headers tell their format. Parameter: format, which converts."},
            {"/stream/video/status", "How it is going, in JSON."},
            {"/state", "The same as ustreamer tells it."},
            {"/metrics", "The same for Prometheus."},
            {"/healthz", "200 where there is a frame that is young enough (see --max-age), else 503."},
            {"/s/NAME/...", "The same of the segment NAME, where several are served."},
            {"/static/...", "Files of the folder that --static names."},
            {"/",
             "A page with all streams, or below /s/NAME/ with that one: how each goes and since when it is "
             "gone, one enlarged by a click, pictures to save. While nobody sees it, it asks for nothing."}}},
      {.title = "WHO MAY SEE IT",
       .text =
           "With --auth-file everybody has to say who he is, by a password that the browser asks for, or by "
           "a "
           "token, as in 'Authorization: Bearer TOKEN' or in http://x:TOKEN@host:8000/stream/video. "
           "shm-video-auth(5) tells what stands in that file, who sees what, and what becomes of wrong ones. "
           "Nothing that is asked for over HTTP runs a command, or names a file but for those below "
           "/static/; and nothing is changed by it."},
      {.title = "THE CAMERA ITSELF",
       .text =
           "With --source camera the paths that name no segment, but for those below /stream/video/shm, show "
           "the camera that vision.camera of the configuration describes. For this, shm-mjpeg runs a "
           "shm-capture of its own, which it finds beside itself or in the PATH, and which reads the same "
           "configuration and environment. It publishes in a segment whose name begins with 'private.' and "
           "is gone afterwards.\n\n"
           "The camera is on from the first viewer until some seconds after the last. Where that first "
           "viewer asks for width and height, this is the size that the camera is asked for; pictures of "
           "viewers that come while it is on are scaled to fit inside theirs, and never enlarged. A "
           "shm-capture "
           "that ends is started again, after half a second at first and a quarter of a minute at last. "
           "Where there is no camera, or no shm-capture, requests are answered with status 503 and the "
           "reason. "
           "Its messages are in the log, behind 'camera:'."},
      {.title = "WHERE IT LISTENS",
       .text =
           "Without options, at http://127.0.0.1:8000/. It may listen in several places at once: at an "
           "address, at a unix socket, and at sockets that a service manager made for it (sd_listen_fds(3): "
           "LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES), TCP or unix, which it neither makes nor removes. For "
           "each there is a line on standard output: 'listening on http://...', 'listening on https://...' "
           "or 'listening on unix:PATH'. With --tls-cert all of TCP speaks HTTPS; what comes through a unix "
           "socket needs no TLS."},
      {.title = "CHANGES WHILE IT RUNS",
       .text =
           "When the configuration is read again, nobody is dropped. Viewers that asked for no quality, rate "
           "or size get the new one from their next picture on, the others keep theirs; new limits are for "
           "the requests that come. Where it turns from the camera to the segment, streams of the camera "
           "end; where it turns to the camera, streams of the segment go on. Limits are for those who come; "
           "SIGHUP also reads certificate and key again, which new connections get. Where it listens and the "
           "segments need a restart."},
      {.title = "SYSTEMD",
       .text = "The service shm-mjpeg@PORT serves all segments at the port PORT of this computer, as user "
               "shm-mjpeg, "
               "where it may read segments and not write them. Where it listens is said by its socket alone, "
               "shm-mjpeg@PORT.socket, which starts it at the first connection where it does not run. It has "
               "started "
               "when it listens; its status tells what it serves, and to how many.\n\n"
               "Its watchdog (WatchdogSec=) is fed while its loop turns, also when there is no writer, "
               "unless for half "
               "of that time it got no frames that were published and that somebody watches. Every other "
               "supervisor that "
               "sets NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID is told the same."}};
  info.files = {{"/etc/shm-video/mjpeg/PORT.conf",
                 "Variables of the service shm-mjpeg@PORT: OPTIONS are its options instead of --all."}};
  info.see_also = {"shm-capture", "shm-inspect"};
  return info;
}

}  // namespace
}  // namespace shmvideo::mjpeg

shmvideo::toolkit::Tool shmvideo::this_tool() {
  return toolkit::make_tool(mjpeg::info(), mjpeg::define, mjpeg::run);
}
