// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/endpoints.hpp"

#include <array>
#include <string>
#include <utility>

#include "sink/http/parameters.hpp"
#include "sink/mjpeg/multipart.hpp"
#include "sink/mjpeg/snapshot.hpp"
#include "sink/mjpeg/status.hpp"
#include "sink/mjpeg/stream_client.hpp"

namespace shmvideo::sink {
namespace {

/// A name that a viewer gives itself; pages make one up to get a fresh connection past the browser's memory.
constexpr std::size_t kKeyBytesMax = 64;

Parameter quality_parameter(const ServingDefaults& defaults, Rendition& rendition) {
  const auto& [low, high] = defaults.quality_limits;
  return number_parameter("quality", low, high, rendition.quality, &rendition.is_quality_asked);
}

Reply no_frames(const Channel& channel) {
  Reply reply = error_reply(503, channel.why_no_frames());
  reply.headers = "Retry-After: 1\r\n";
  return reply;
}

}  // namespace

Outcome stream(Channel& channel, const ServingDefaults& defaults, const Request& request) {
  StreamClient::Options options;
  options.rendition.quality = defaults.quality;
  options.fps = defaults.fps;
  options.first_picture_timeout = defaults.first_picture_timeout;
  options.frame_log_interval = defaults.frame_log_interval.value_or(0);
  const auto& [fps_low, fps_high] = defaults.fps_limits;
  const std::array known{quality_parameter(defaults, options.rendition),
                         number_parameter("fps", fps_low, fps_high, options.fps, &options.is_fps_asked),
                         text_parameter("key", kKeyBytesMax, options.key)};
  if (const auto mistake = read_parameters(request.target, known); !mistake.empty()) {
    return error_reply(400, mistake);
  }
  const auto demand = channel.demand();
  if (!channel.has_writer()) return no_frames(channel);
  if (request.is_head) {
    Reply reply;
    reply.content_type = kMultipartType;
    reply.headers = kStreamHeaders;
    reply.is_endless = true;
    return reply;
  }
  return Takeover([&channel, request, options](boost::asio::ip::tcp::socket socket) {
    StreamClient::start(std::move(socket), channel, request, options);
  });
}

Outcome snapshot(boost::asio::any_io_executor executor, Channel& channel, const ServingDefaults& defaults,
                 const Request& request) {
  Rendition rendition{.quality = defaults.quality};
  std::string key;
  const std::array known{quality_parameter(defaults, rendition), text_parameter("key", kKeyBytesMax, key)};
  if (const auto mistake = read_parameters(request.target, known); !mistake.empty()) {
    return error_reply(400, mistake);
  }
  const auto demand = channel.demand();
  if (!channel.has_writer()) return no_frames(channel);
  return Later([executor, &channel, rendition, timeout = defaults.first_picture_timeout](ReplyTo reply_to) {
    Snapshot::start(executor, channel, rendition, timeout, std::move(reply_to));
  });
}

Outcome status(const Channel& channel, const ServerFacts& server, const Request& request) {
  if (const auto mistake = read_parameters(request.target, {}); !mistake.empty()) {
    return error_reply(400, mistake);
  }
  return json_reply(status_json(channel, server));
}

}  // namespace shmvideo::sink
