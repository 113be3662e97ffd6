// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <vector>

#include "metrics/family.hpp"
#include "sink/mjpeg/description/document.hpp"
#include "sink/mjpeg/endpoints/common.hpp"
#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/reports/health.hpp"
#include "sink/mjpeg/reports/http_metrics.hpp"
#include "sink/mjpeg/reports/state.hpp"
#include "sink/mjpeg/reports/status.hpp"

namespace shmvideo::sink {
namespace {

/// Reports take no parameters. Empty, or what is wrong with the request.
std::string mistake_of(const Request& request) { return read_parameters(request.target, {}); }

/// The one that is named, or all.
std::vector<const Channel*> channels_of(const Serving& serving, const Request& request) {
  std::vector<const Channel*> channels;
  if (!request.segment.empty()) {
    if (const Channel* named = serving.channels.find(request.segment)) channels.push_back(named);
    return channels;
  }
  for (const auto& channel : serving.channels.all()) channels.push_back(channel.get());
  return channels;
}

}  // namespace

Outcome status(Serving& serving, const Request& request) {
  const Channel* const channel = channel_of(serving, request);
  if (!channel) return no_channel(serving, request);
  if (const auto mistake = mistake_of(request); !mistake.empty()) return error_reply(400, mistake);
  return json_reply(status_json(*channel, serving, request));
}

Outcome state(Serving& serving, const Request& request) {
  const Channel* const channel = channel_of(serving, request);
  if (!channel) return no_channel(serving, request);
  if (const auto mistake = mistake_of(request); !mistake.empty()) return error_reply(400, mistake);
  return json_reply(state_json(*channel, serving));
}

Outcome metrics(Serving& serving, const Request& request) {
  const auto channels = channels_of(serving, request);
  if (channels.empty() && !request.segment.empty()) return no_channel(serving, request);
  if (const auto mistake = mistake_of(request); !mistake.empty()) return error_reply(400, mistake);
  Reply reply;
  reply.content_type = metrics::kContentType;
  reply.body = metrics_text(channels, serving, request.segment.empty());
  return reply;
}

Outcome healthz(Serving& serving, const Request& request) {
  auto channels = channels_of(serving, request);
  std::erase_if(channels, [&serving](const Channel* channel) {
    return channel->is_private() && channel != serving.channels.camera();
  });
  if (channels.empty() && !request.segment.empty()) return no_channel(serving, request);
  if (const auto mistake = mistake_of(request); !mistake.empty()) return error_reply(400, mistake);
  Health health = health_of(channels, serving.defaults.max_age, request.access);
  Reply reply = json_reply(std::move(health.json));
  if (!health.is_good) reply.status = 503;
  return reply;
}

Outcome openapi(Serving& serving, const Request& request) {
  if (!request.segment.empty() && !channel_of(serving, request)) return no_channel(serving, request);
  if (const auto mistake = mistake_of(request); !mistake.empty()) return error_reply(400, mistake);
  return json_reply(
      openapi_json(serving.defaults, {.is_below_segment = !request.segment.empty(),
                                      .asks_for_credentials = request.access.right != Digest{}}));
}

}  // namespace shmvideo::sink
