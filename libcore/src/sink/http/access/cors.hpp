// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sink/http/reply.hpp"
#include "sink/http/request.hpp"

namespace shmvideo::sink {

/// Which pages of other servers may read answers, as browsers ask for it (Fetch, "CORS protocol"). Where none
/// may, no answer has a word of it.
class Cors {
 public:
  Cors() = default;
  /// Origins ("https://example.org:8443"), or "*" for all. Throws Error(invalid_argument) about what is none.
  explicit Cors(const std::vector<std::string>& origins);

  /// Header lines for every answer to a request of that origin (empty: it named none). Pages of origins that
  /// are listed may send along what a user has typed in for this server; others, where all may, may not.
  std::string headers(std::string_view origin) const;
  /// The answer to a browser that asks whether it may send the real request, which bears no credentials. None
  /// where that is not what is asked, or the origin may not.
  std::optional<Reply> preflight(const Request& request) const;

 private:
  bool is_listed(std::string_view origin) const noexcept;
  std::vector<std::string> listed_;
  bool are_all_ = false;
};

}  // namespace shmvideo::sink
