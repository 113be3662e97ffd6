// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sink/mjpeg/endpoints/common.hpp"
#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/page/page.hpp"

namespace shmvideo::sink {
namespace {

// mjpg-streamer numbers its inputs; the first one is meant without a number, too.
constexpr std::array<std::string_view, 2> kStream{"stream", "stream_0"};
constexpr std::array<std::string_view, 2> kSnapshot{"snapshot", "snapshot_0"};

bool is_one_of(const std::array<std::string_view, 2>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

std::vector<ParameterForm> root_parameters() {
  return {{.name = "action",
           .kind = ParameterForm::Kind::choice,
           .choices = {kStream[0], kStream[1], kSnapshot[0], kSnapshot[1]},
           .what = "Instead of the page: the stream, or one picture. Their parameters go with it."}};
}

Outcome root(Serving& serving, const Request& request) {
  const auto& given = request.target.parameters;
  const auto action = std::ranges::find(given, "action", &Target::Parameter::name);
  if (action == given.end()) {
    // The first segment may come later, and the page says so; one that was named has to be there.
    if (!request.segment.empty() && !channel_of(serving, request)) return no_channel(serving, request);
    return page_reply();
  }
  Request meant = request;
  std::erase_if(meant.target.parameters, [](const auto& each) { return each.name == "action"; });
  if (meant.target.parameters.size() + 1 < given.size())
    return error_reply(400, "action is given more than once");
  if (is_one_of(kStream, action->value)) return stream(serving, meant);
  if (is_one_of(kSnapshot, action->value)) return picture(serving, meant);
  return error_reply(400, "there is no action '" + action->value + "'; there are stream and snapshot");
}

}  // namespace shmvideo::sink
