// SPDX-License-Identifier: Apache-2.0
#include "sink/http/router.hpp"

#include <algorithm>

namespace shmvideo::sink {

void Router::add(std::string_view path, Handler handler) {
  routes_.push_back({std::string(path), std::move(handler)});
}

Outcome Router::handle(std::string_view method, const Request& request) const {
  const auto route = std::ranges::find(routes_, request.target.path, &Route::path);
  if (route == routes_.end()) {
    std::string detail = "there is nothing at " + request.target.path + "; there are";
    for (const Route& each : routes_) detail.append(&each == &routes_.front() ? " " : ", ").append(each.path);
    return error_reply(404, detail);
  }
  if (method != "GET" && method != "HEAD") {
    Reply reply = error_reply(405, std::string(method) + " is not possible here; GET and HEAD are");
    reply.headers = "Allow: GET, HEAD\r\n";
    return reply;
  }
  return route->handler(request);
}

}  // namespace shmvideo::sink
