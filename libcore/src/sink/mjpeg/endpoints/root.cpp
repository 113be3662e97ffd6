// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "sink/mjpeg/endpoints/common.hpp"
#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/page.hpp"

namespace shmvideo::sink {

Outcome root(Serving& serving, const Request& request) {
  const auto& given = request.target.parameters;
  const auto action = std::ranges::find(given, "action", &Target::Parameter::name);
  if (action == given.end()) {
    // The first segment may come later, and the page says so; one that was named has to be there.
    if (!request.segment.empty() && !channel_of(serving, request)) return no_channel(serving, request);
    return html_reply(page());
  }
  Request meant = request;
  std::erase_if(meant.target.parameters, [](const auto& each) { return each.name == "action"; });
  if (meant.target.parameters.size() + 1 < given.size())
    return error_reply(400, "action is given more than once");
  // mjpg-streamer numbers its inputs; the first one is meant without a number, too.
  if (action->value == "stream" || action->value == "stream_0") return stream(serving, meant);
  if (action->value == "snapshot" || action->value == "snapshot_0") return picture(serving, meant);
  return error_reply(400, "there is no action '" + action->value + "'; there are stream and snapshot");
}

}  // namespace shmvideo::sink
