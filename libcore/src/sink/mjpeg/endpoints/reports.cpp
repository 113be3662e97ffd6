// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/endpoints/common.hpp"
#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/reports/status.hpp"

namespace shmvideo::sink {

Outcome status(Serving& serving, const Request& request) {
  const Channel* const channel = channel_of(serving, request);
  if (!channel) return no_channel(serving, request);
  if (const auto mistake = read_parameters(request.target, {}); !mistake.empty()) {
    return error_reply(400, mistake);
  }
  return json_reply(status_json(*channel, serving));
}

}  // namespace shmvideo::sink
