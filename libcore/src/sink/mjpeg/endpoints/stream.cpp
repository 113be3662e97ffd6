// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "sink/mjpeg/endpoints/common.hpp"
#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/viewers/multipart.hpp"
#include "sink/mjpeg/viewers/stream_client.hpp"

namespace shmvideo::sink {
namespace {

Reply head_of_stream() {
  Reply reply;
  reply.content_type = kMultipartType;
  reply.headers = kStreamHeaders;
  reply.is_endless = true;
  return reply;
}

}  // namespace

Outcome stream(Serving& serving, const Request& request) {
  Channel* const channel = channel_of(serving, request);
  if (!channel) return no_channel(serving, request);
  const ServingDefaults& defaults = serving.defaults;
  StreamClient::Options options;
  options.rendition = default_rendition(defaults);
  options.fps = defaults.fps;
  options.first_picture_timeout = defaults.first_picture_timeout;
  options.frame_log_interval = defaults.frame_log_interval.value_or(0);
  const auto& [fps_low, fps_high] = defaults.fps_limits;
  const std::array known{quality_parameter(defaults, options.rendition),
                         number_parameter("fps", fps_low, fps_high, options.fps, &options.is_fps_asked),
                         width_parameter(options.rendition), height_parameter(options.rendition),
                         text_parameter("key", kKeyBytesMax, options.key)};
  if (const auto mistake = read_parameters(request.target, known); !mistake.empty()) {
    return error_reply(400, mistake);
  }
  const auto demand = channel->demand();
  if (!channel->has_writer()) return no_frames(*channel);
  if (request.is_head) return head_of_stream();
  return Takeover([channel, request, options](boost::asio::ip::tcp::socket socket) {
    StreamClient::start(std::move(socket), *channel, request, options);
  });
}

}  // namespace shmvideo::sink
