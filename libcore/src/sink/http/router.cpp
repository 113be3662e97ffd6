// SPDX-License-Identifier: Apache-2.0
#include "sink/http/router.hpp"

#include <algorithm>
#include <utility>

namespace shmvideo::sink {
namespace {

constexpr std::string_view kSegmentPrefix = "/s/";

/// Moves the segment's name out of "/s/NAME/rest".
void take_segment(Request& request) {
  std::string& path = request.target.path;
  if (!path.starts_with(kSegmentPrefix)) return;
  const auto end = std::min(path.find('/', kSegmentPrefix.size()), path.size());
  request.segment = path.substr(kSegmentPrefix.size(), end - kSegmentPrefix.size());
  path = path.substr(end);
}

/// "/s/NAME" is one character short of where the page can find what lies below it by relative addresses.
/// Begins with a dot: a name with a colon in it would be taken for an address elsewhere.
Reply with_slash(const std::string& segment) { return moved_reply("./" + segment + "/"); }

}  // namespace

void Router::add(std::string_view path, Scope scope, Kind kind, Audience audience, Handler handler) {
  routes_.push_back({path, scope, kind, audience, std::move(handler)});
}

Reply Router::not_found(const std::string& path) const {
  std::string detail = "there is nothing at " + path + "; there are";
  const char* before = " ";
  for (const Route& each : routes_) {
    if (each.kind == Kind::alias) continue;
    detail.append(std::exchange(before, ", ")).append(each.path);
  }
  return error_reply(404, detail + "; below /s/NAME they are those of the segment NAME");
}

const Router::Route* Router::find(const Request& request) const {
  const std::string& path = request.target.path;
  const auto found = std::ranges::find_if(routes_, [&](const Route& each) {
    const bool is_folder = each.path.size() > 1 && each.path.ends_with('/');
    const bool is_it =
        each.path == path || (path.empty() && each.path == "/") || (is_folder && path.starts_with(each.path));
    return is_it && (request.segment.empty() || each.scope == Scope::segment);
  });
  return found == routes_.end() ? nullptr : &*found;
}

Outcome Router::handle(Request& request) const {
  const std::string path = request.target.path;
  take_segment(request);
  const bool names_nothing = request.segment.empty() && path.starts_with(kSegmentPrefix);
  const Route* const route = names_nothing ? nullptr : find(request);
  if (route) request.route = route->path;
  if (!gate_) request.access = Access::to_everything();
  auto refusal =
      gate_ ? gate_->refuse(request, route ? route->audience : Audience::viewer) : std::optional<Refusal>();
  if (refusal && std::holds_alternative<NotYet>(*refusal)) {
    request.target.path = path;
    request.segment.clear();
    return std::get<NotYet>(std::move(*refusal));
  }
  if (refusal) return std::get<Reply>(std::move(*refusal));
  if (path == "*" && request.method == "OPTIONS") return options_reply();
  if (!route) return not_found(path);
  if (request.method == "OPTIONS") return options_reply();
  if (request.method != "GET" && request.method != "HEAD") {
    Reply reply = error_reply(405, request.method + " is not possible here; GET, HEAD and OPTIONS are");
    reply.headers = kAllowHeader;
    return reply;
  }
  // With parameters it is not the page that is asked for, and they would be lost on the way.
  if (request.target.path.empty() && request.target.parameters.empty()) return with_slash(request.segment);
  return route->handler(request);
}

}  // namespace shmvideo::sink
