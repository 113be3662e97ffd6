// SPDX-License-Identifier: Apache-2.0
// GStreamer: appsrc ! shmsink, which copies, and shmsrc ! appsink, which does not. PLACE is a directory for
// the socket.
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include <string>

#include "peer.hpp"

namespace {

const std::string kCaps = "video/x-raw,format=BGR,width=1920,height=1080,framerate=30/1";

GstElement* launch(const std::string& text) {
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launch(text.c_str(), &error);
  if (!error) return pipeline;
  std::fprintf(stderr, "%s\n", error->message);
  std::exit(1);
}

int write_to(const char* place, double fps, double seconds) {
  gst_init(nullptr, nullptr);
  GstElement* pipeline = launch(
      "appsrc name=source block=true max-buffers=1 max-bytes=0 format=time caps=" + kCaps +
      " ! shmsink socket-path=" + place + "/socket shm-size=67108864 wait-for-connection=false sync=false");
  GstElement* source = gst_bin_get_by_name(GST_BIN(pipeline), "source");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const auto push = [&](const std::uint8_t* picture, std::uint64_t number) {
    // Wrapped, not copied: the sink makes the one copy, in its own thread.
    GstBuffer* buffer =
        gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, const_cast<std::uint8_t*>(picture),
                                    peer::kFrameBytes, 0, peer::kFrameBytes, nullptr, nullptr);
    GST_BUFFER_PTS(buffer) = number * GST_MSECOND;
    gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
  };
  // The socket appears with the first buffer; readers know frame 0 for none.
  const std::vector<std::uint8_t> nothing(peer::kFrameBytes);
  push(nothing.data(), 0);
  const std::string socket = std::string(place) + "/socket";
  while (::access(socket.c_str(), F_OK) != 0) ::usleep(1000);
  peer::write_frames(fps, seconds,
                     [&](const auto& picture, std::uint64_t number) { push(picture.data(), number); });
  ::usleep(500'000);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  return 0;
}

int read_from(const char* place) {
  gst_init(nullptr, nullptr);
  GstElement* pipeline =
      launch("shmsrc is-live=true do-timestamp=true socket-path=" + std::string(place) + "/socket ! " +
             kCaps + " ! appsink name=sink sync=false max-buffers=2 drop=true");
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  gst_element_get_state(pipeline, nullptr, nullptr, 5 * GST_SECOND);
  peer::Reading reading;
  peer::say_ready();
  while (!reading.is_over() && !gst_app_sink_is_eos(GST_APP_SINK(sink))) {
    GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 300 * GST_MSECOND);
    if (!sample) continue;
    GstMapInfo map;
    gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ);
    reading.take(map.data, [] { return true; });
    gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
    gst_sample_unref(sample);
  }
  reading.tell();
  std::fflush(stdout);
  ::_exit(0);
}

}  // namespace

int main(int argc, char** argv) { return peer::main(argc, argv, write_to, read_from); }
