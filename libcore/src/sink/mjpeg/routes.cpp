// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/routes.hpp"

#include <algorithm>
#include <string_view>

#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/page.hpp"

namespace shmvideo::sink {
namespace {

using Endpoint = Outcome (*)(Serving& serving, const Request& request);

struct Path {
  std::string_view path;
  Endpoint endpoint;
};

/// What is of a segment. The seeds' names come first, then those that fingers know from other servers.
constexpr Path kSegmentPaths[] = {
    {"/stream/video", stream},
    {"/stream/video/shm", stream},
    {"/stream/video/status", status},
    {"/snapshot", picture},
};

}  // namespace

void add_routes(Router& router, Serving& serving) {
  router.add("/", Router::Scope::server, [](const Request&) { return html_reply(page()); });
  for (const Path& each : kSegmentPaths) {
    router.add(
        each.path, Router::Scope::segment,
        [endpoint = each.endpoint, &serving](const Request& request) { return endpoint(serving, request); });
  }
}

}  // namespace shmvideo::sink
