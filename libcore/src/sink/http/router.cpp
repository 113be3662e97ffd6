// SPDX-License-Identifier: Apache-2.0
#include "sink/http/router.hpp"

#include <algorithm>
#include <utility>

namespace shmvideo::sink {
namespace {

constexpr std::string_view kSegmentPrefix = "/s/";

/// Moves the segment's name out of "/s/NAME/rest"; "/s/NAME" is its "/".
void take_segment(Request& request) {
  std::string& path = request.target.path;
  if (!path.starts_with(kSegmentPrefix)) return;
  const auto end = std::min(path.find('/', kSegmentPrefix.size()), path.size());
  request.segment = path.substr(kSegmentPrefix.size(), end - kSegmentPrefix.size());
  path = end < path.size() ? path.substr(end) : "/";
}

}  // namespace

void Router::add(std::string_view path, Scope scope, Handler handler) {
  routes_.push_back({std::string(path), scope, std::move(handler)});
}

Reply Router::not_found(const std::string& path) const {
  std::string detail = "there is nothing at " + path + "; there are";
  for (const Route& each : routes_) detail.append(&each == &routes_.front() ? " " : ", ").append(each.path);
  return error_reply(404, detail);
}

Outcome Router::handle(std::string_view method, Request request) const {
  const std::string path = request.target.path;
  take_segment(request);
  const bool is_of_segment = !request.segment.empty();
  const auto route = std::ranges::find_if(routes_, [&](const Route& each) {
    return each.path == request.target.path && (!is_of_segment || each.scope == Scope::segment);
  });
  if (route == routes_.end() || (!is_of_segment && path.starts_with(kSegmentPrefix))) return not_found(path);
  if (method != "GET" && method != "HEAD") {
    Reply reply = error_reply(405, std::string(method) + " is not possible here; GET and HEAD are");
    reply.headers = "Allow: GET, HEAD\r\n";
    return reply;
  }
  return route->handler(request);
}

}  // namespace shmvideo::sink
