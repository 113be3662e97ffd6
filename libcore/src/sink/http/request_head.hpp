// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "sink/http/peer.hpp"
#include "sink/http/request.hpp"

namespace shmvideo::sink {

/// What the header of a request amounts to.
struct RequestHead {
  Request request;
  bool keep_alive = false;  ///< as the client wants it, and as it is possible
  /// Whom a trusted proxy brings it for; unspecified: nobody else.
  boost::asio::ip::address brought_for;
  std::string problem;  ///< why it is refused with 400; empty: it is not
};

/// `head` is a whole header, its empty line included, as HeadScan finds it. `peer` is who sent it.
RequestHead read_head(std::string_view head, const Peer& peer, const TrustedProxies& proxies);

}  // namespace shmvideo::sink
