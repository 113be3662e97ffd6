// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "sink/mjpeg/endpoints/common.hpp"
#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/endpoints/stream_parameters.hpp"
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

std::vector<ParameterForm> stream_parameters(const ServingDefaults& defaults) {
  StreamRequest request;
  return forms_of(stream_parameters(defaults, request));
}

Outcome stream(Serving& serving, const Request& request) {
  Channel* const channel = channel_of(serving, request);
  if (!channel) return no_channel(serving, request);
  const ServingDefaults& defaults = serving.defaults;
  StreamRequest asked;
  if (const auto mistake = read_stream_request(request.target, defaults, asked); !mistake.empty()) {
    return error_reply(400, mistake);
  }
  const auto demand = channel->demand();
  const bool may_wait = defaults.wait_for_writer.count() > 0 && !request.is_head;
  if (!channel->has_writer() && !may_wait) return no_frames(*channel);
  if (request.is_head) return head_of_stream();
  return Takeover([channel, request, asked, &defaults, id = serving.next_viewer_id++](Socket socket) {
    StreamClient::start(std::move(socket), *channel, request, asked, defaults, id);
  });
}

}  // namespace shmvideo::sink
