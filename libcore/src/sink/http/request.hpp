// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sink/http/access/access.hpp"
#include "sink/http/query.hpp"

namespace shmvideo::sink {

/// What a handler gets to see of a request.
struct Request {
  Target target;        ///< its path without the prefix that names a segment
  std::string segment;  ///< that the path named ("/s/NAME/..."); empty: none
  bool is_head = false;
  bool http_1_0 = false;
  std::string peer;               ///< "address:port", for logs
  std::string agent;              ///< User-Agent
  std::string if_none_match;      ///< If-None-Match, all of them
  std::string if_modified_since;  ///< If-Modified-Since
  std::string_view route;         ///< the path that it met, without "/s/NAME"; of static storage; empty: none

  // For the gate.
  std::string method;
  std::string authorization;   ///< Authorization; a secret: never for logs
  std::string origin;          ///< Origin
  std::string wanted_method;   ///< Access-Control-Request-Method: what a page means to ask for
  Access access;               ///< what its sender may see
  std::string answer_headers;  ///< that its answer has, whatever it is: lines, each ending in CR LF
};

}  // namespace shmvideo::sink
