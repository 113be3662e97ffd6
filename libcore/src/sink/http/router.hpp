// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sink/http/access/gate.hpp"
#include "sink/http/reply.hpp"
#include "sink/http/request.hpp"
#include "sink/http/socket.hpp"

namespace shmvideo::sink {

/// Takes the one reply to a request; to be called once, on the server's thread.
using ReplyTo = std::function<void(Reply)>;
/// A reply that comes when it is ready.
using Later = std::function<void(ReplyTo)>;
/// The handler wants the connection itself (an endless body); nobody else writes to it any more.
using Takeover = std::function<void(Socket)>;
using Outcome = std::variant<Reply, Later, Takeover, NotYet>;
using Handler = std::function<Outcome(const Request&)>;

/// Which path is answered by what. All routes are GET, HEAD and OPTIONS, and all that are of a segment are
/// there twice: as they are, and below "/s/NAME". Not thread-safe.
class Router {
 public:
  enum class Scope { server, segment };
  /// Whether those who look for something are told of a path, or only those who know it find it.
  enum class Kind { told, alias };
  /// `path` is of static storage. One that ends in a slash stands for all that lies below it as well ("/"
  /// alone does not).
  void add(std::string_view path, Scope scope, Kind kind, Audience audience, Handler handler);
  /// Without one everybody may see everything. Borrowed; must outlive the router.
  void set_gate(Gate* gate) noexcept { gate_ = gate; }
  /// Also for what is no route (404) and no method (405). Takes the segment's name out of the request's path,
  /// and writes down its route; but for NotYet, which leaves the request as it was.
  Outcome handle(Request& request) const;

 private:
  struct Route {
    std::string_view path;
    Scope scope;
    Kind kind;
    Audience audience;
    Handler handler;
  };
  const Route* find(const Request& request) const;
  Reply not_found(const std::string& path) const;
  std::vector<Route> routes_;
  Gate* gate_ = nullptr;
};

}  // namespace shmvideo::sink
