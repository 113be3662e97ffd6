// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <ctime>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace shmvideo::sink {

/// An answer that is complete in memory. The body is `body`, or else `shared`, which others may be
/// sending at the same time and which `shared_owner` keeps alive.
struct Reply {
  unsigned status = 200;
  std::string_view content_type;  ///< of static storage
  std::string body;
  std::span<const std::byte> shared;
  std::shared_ptr<const void> shared_owner;
  std::string headers;      ///< further complete header lines, each ending in CR LF
  std::string etag;         ///< with its quotes; such a reply may be kept and asked for again, others may not
  bool is_endless = false;  ///< stands for a body without a length (in answers to HEAD)
};

/// {"detail": "..."}: how everything that goes wrong is told.
Reply error_reply(unsigned status, std::string_view detail);
/// 503, for what may well be there a second later.
Reply try_again_reply(std::string_view detail);
Reply json_reply(std::string body);
/// 308; `location` may be relative.
Reply moved_reply(std::string_view location);
/// 204 with Allow: what OPTIONS asks for.
Reply options_reply();
/// 304: the client has what this reply stands for.
Reply not_modified_reply(const Reply& reply);

/// What may be done here, as Allow has it.
inline constexpr std::string_view kAllowHeader = "Allow: GET, HEAD, OPTIONS\r\n";

/// A time as headers have it: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::time_t time);

std::string_view reason_phrase(unsigned status) noexcept;

/// What stands at the head of a response. Text only; the body goes out beside it.
struct ResponseHead {
  unsigned status = 200;
  std::string_view content_type;
  long long content_length = -1;  ///< bytes; -1: the body ends with the connection
  bool keep_alive = false;
  bool http_1_0 = false;     ///< the request was: keeping alive must be said, not assumed
  std::string_view etag{};   ///< empty: none, and nothing of this may be kept
  std::string_view extra{};  ///< further complete header lines, each ending in CR LF
};

/// Status line, headers and the empty line. 204 and 304 have neither type nor length.
std::string render_head(const ResponseHead& head);

/// The head of a reply.
std::string render_head(const Reply& reply, bool keep_alive, bool http_1_0);

}  // namespace shmvideo::sink
