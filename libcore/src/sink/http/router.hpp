// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sink/http/query.hpp"
#include "sink/http/reply.hpp"

namespace shmvideo::sink {

/// What a handler gets to see of a request.
struct Request {
  Target target;
  bool is_head = false;
  bool http_1_0 = false;
  std::string peer;  ///< "address:port", for logs
};

/// Takes the one reply to a request; to be called once, on the server's thread.
using ReplyTo = std::function<void(Reply)>;
/// A reply that comes when it is ready.
using Later = std::function<void(ReplyTo)>;
/// The handler wants the connection itself (an endless body); nobody else writes to it any more.
using Takeover = std::function<void(boost::asio::ip::tcp::socket)>;
using Outcome = std::variant<Reply, Later, Takeover>;
using Handler = std::function<Outcome(const Request&)>;

/// Which path is answered by what. All routes are GET and HEAD. Not thread-safe.
class Router {
 public:
  void add(std::string_view path, Handler handler);
  /// Also for what is no route (404) and no method (405).
  Outcome handle(std::string_view method, const Request& request) const;

 private:
  struct Route {
    std::string path;
    Handler handler;
  };
  std::vector<Route> routes_;
};

}  // namespace shmvideo::sink
