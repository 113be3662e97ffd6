// SPDX-License-Identifier: Apache-2.0
// GStreamer as an MJPEG server: appsrc ! [videoconvert !] jpegenc ! multipartmux ! multisocketsink, built and
// started by `run`. multisocketsink is tcpserversink without the listening: that is done here, so that
// clients get the head of an HTTP response, without which none but a raw socket understands the rest.
//
//   gstreamer CLIP FORMAT FPS    FORMAT: I420, BGR (converted to I420, as ours is) or JPEG (passed on)
//
// Prints its URL, ends with SIGTERM. Each part says when its frame was captured, as ours does.
#include <gio/gio.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "loopback.hpp"

namespace {

using Frame = std::vector<char>;
volatile std::sig_atomic_t has_signal = 0;
std::int64_t epoch_ns = 0;  // on the wall clock, of time stamp 0

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "gstreamer: %s\n", what.c_str());
  std::exit(1);
}

std::int64_t time_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::vector<Frame> load(const std::string& file) {
  std::ifstream bytes(file, std::ios::binary);
  std::ifstream sizes(file + ".sizes");
  std::vector<Frame> frames;
  for (std::size_t size = 0; sizes >> size;) {
    bytes.read(frames.emplace_back(size).data(), static_cast<std::streamsize>(size));
  }
  if (!bytes || frames.empty()) fail(file + " is no clip");
  return frames;
}

std::string pipeline_for(const std::string& format, int fps) {
  const std::string rate = ",width=1920,height=1080,framerate=" + std::to_string(fps) + "/1";
  std::string text = "appsrc name=source block=true max-buffers=1 max-bytes=0 is-live=true format=time caps=";
  if (format == "JPEG") {
    text += "image/jpeg" + rate;
  } else {
    text += "video/x-raw,format=" + format + rate;
    if (format != "I420") text += " ! videoconvert ! video/x-raw,format=I420";
    text += " ! jpegenc quality=85";
  }
  return text +
         " ! multipartmux name=mux boundary=frame ! multisocketsink name=sink sync=false "
         "sync-method=next-keyframe";
}

/// Adds to the head of a part when its frame was captured.
GstPadProbeReturn stamp(GstPad*, GstPadProbeInfo* info, gpointer) {
  GstBuffer* head = GST_PAD_PROBE_INFO_BUFFER(info);
  if (GST_BUFFER_FLAG_IS_SET(head, GST_BUFFER_FLAG_DELTA_UNIT)) return GST_PAD_PROBE_OK;
  GstMapInfo map;
  if (!gst_buffer_map(head, &map, GST_MAP_READ)) return GST_PAD_PROBE_OK;
  std::string text(reinterpret_cast<const char*>(map.data), map.size);
  gst_buffer_unmap(head, &map);
  if (!text.ends_with("\r\n\r\n") || !GST_BUFFER_PTS_IS_VALID(head)) return GST_PAD_PROBE_OK;
  const std::int64_t captured_us = (epoch_ns + static_cast<std::int64_t>(GST_BUFFER_PTS(head))) / 1000;
  std::array<char, 64> line{};
  std::snprintf(line.data(), line.size(), "X-Timestamp: %lld.%06lld\r\n",
                static_cast<long long>(captured_us / 1'000'000),
                static_cast<long long>(captured_us % 1'000'000));
  text.insert(text.size() - 2, line.data());
  GstBuffer* stamped = gst_buffer_new_memdup(text.data(), text.size());
  gst_buffer_copy_into(stamped, head, GstBufferCopyFlags(GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS),
                       0, static_cast<gsize>(-1));
  gst_buffer_unref(head);
  GST_PAD_PROBE_INFO_DATA(info) = stamped;
  return GST_PAD_PROBE_OK;
}

/// Gives everybody who connects the head of a response, and then to the sink.
void welcome(int listener, GstElement* sink) {
  constexpr std::string_view kHead =
      "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n";
  while (!has_signal) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    std::array<char, 4096> request{};
    if (fd < 0) continue;
    if (::recv(fd, request.data(), request.size(), 0) <= 0 ||
        ::send(fd, kHead.data(), kHead.size(), MSG_NOSIGNAL) < 0) {
      ::close(fd);
      continue;
    }
    GSocket* socket = g_socket_new_from_fd(fd, nullptr);
    g_socket_set_blocking(socket, FALSE);  // as tcpserversink does
    g_signal_emit_by_name(sink, "add", socket);
    g_object_unref(socket);
  }
}

int listen_anywhere() {
  const auto [fd, port] = listen_on_loopback();
  if (fd < 0) fail("cannot listen");
  std::printf("http://127.0.0.1:%u/\n", port);
  std::fflush(stdout);
  return fd;
}

void push_frames(GstElement* source, std::vector<Frame>& frames, int fps) {
  const std::int64_t began = time_ns(CLOCK_MONOTONIC);
  epoch_ns = time_ns(CLOCK_REALTIME);
  for (std::int64_t frame = 0; !has_signal; ++frame) {
    const std::int64_t due = began + frame * 1'000'000'000 / fps;
    const timespec until{due / 1'000'000'000, due % 1'000'000'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    Frame& bytes = frames[static_cast<std::size_t>(frame) % frames.size()];
    // Wrapped, not copied: they live as long as the program.
    GstBuffer* buffer = gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, bytes.data(), bytes.size(), 0,
                                                    bytes.size(), nullptr, nullptr);
    GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(time_ns(CLOCK_MONOTONIC) - began);
    if (gst_app_src_push_buffer(GST_APP_SRC(source), buffer) != GST_FLOW_OK) fail("the pipeline ended");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  struct sigaction action {};
  action.sa_handler = [](int) { has_signal = 1; };
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  gst_init(nullptr, nullptr);
  const int fps = std::atoi(argv[3]);
  std::vector<Frame> frames = load(argv[1]);
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launch(pipeline_for(argv[2], fps).c_str(), &error);
  if (error) fail(error->message);
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  GstElement* mux = gst_bin_get_by_name(GST_BIN(pipeline), "mux");
  gst_pad_add_probe(gst_element_get_static_pad(mux, "src"), GST_PAD_PROBE_TYPE_BUFFER, &stamp, nullptr,
                    nullptr);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  std::thread(&welcome, listen_anywhere(), sink).detach();
  push_frames(gst_bin_get_by_name(GST_BIN(pipeline), "source"), frames, fps);
  // Its threads go with it: what the pipeline has queued is of no use any more.
  std::_Exit(0);
}
