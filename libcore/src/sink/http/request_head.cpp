// SPDX-License-Identifier: Apache-2.0
#include "sink/http/request_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace shmvideo::sink {
namespace {

namespace http = boost::beast::http;
using Parser = http::request_parser<http::empty_body>;
using Fields = http::fields;

/// A list may come in several lines.
template <typename Name>
std::string all_of(const Fields& fields, const Name& name) {
  std::string list;
  const auto [first, end] = fields.equal_range(name);
  for (auto line = first; line != end; ++line) {
    if (!list.empty()) list += ", ";
    list.append(line->value().data(), line->value().size());
  }
  return list;
}

/// What two servers could understand differently, and other things that nobody sends who means well.
std::string problem_of(const Parser& parser) {
  const auto& message = parser.get();
  if (message.version() != 10 && message.version() != 11) return "HTTP/1.0 and HTTP/1.1 are spoken here";
  const auto hosts = message.count(http::field::host);
  if (hosts > 1) return "Host stands there more than once";
  if (hosts == 0 && message.version() == 11) return "HTTP/1.1 needs a Host";
  if (message[http::field::host].find_first_of(" \t,/\\?#@<>\"") != std::string_view::npos)
    return "Host is no name of a host";
  const bool is_coded = message.count(http::field::transfer_encoding) > 0;
  if (is_coded && message.count(http::field::content_length) > 0)
    return "Content-Length and Transfer-Encoding exclude each other";
  if (is_coded && message.version() == 10) return "HTTP/1.0 has no Transfer-Encoding";
  if (is_coded && !boost::beast::iequals(all_of(message, http::field::transfer_encoding), "chunked"))
    return "chunked is the one Transfer-Encoding here";
  // "3, 3" is what became of two such lines on the way.
  if (message.count(http::field::content_length) > 1 ||
      message[http::field::content_length].find_first_not_of("0123456789") != std::string_view::npos)
    return "Content-Length has to be one number";
  if (message.count(http::field::authorization) > 1) return "Authorization stands there more than once";
  return {};
}

}  // namespace

RequestHead read_head(std::string_view head, const Peer& peer, const TrustedProxies& proxies) {
  RequestHead result;
  result.request.peer = peer.name;
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(head.size() + 1));
  boost::system::error_code error;
  parser.put(boost::asio::const_buffer(head.data(), head.size()), error);
  if (!parser.is_header_done()) {
    result.problem = "this is not HTTP/1: " + error.message();
    return result;
  }
  const auto& message = parser.get();
  Request& request = result.request;
  request.is_head = message.method() == http::verb::head;
  request.http_1_0 = message.version() == 10;
  request.method.assign(message.method_string());
  request.agent = message[http::field::user_agent];
  request.authorization = message[http::field::authorization];
  request.origin = message[http::field::origin];
  request.wanted_method = message[http::field::access_control_request_method];
  request.if_modified_since = message[http::field::if_modified_since];
  request.if_none_match = all_of(message, http::field::if_none_match);
  if (proxies.trusts(peer)) {
    result.brought_for = proxies.client_of(all_of(message, "X-Forwarded-For"), all_of(message, "X-Real-IP"));
    if (!result.brought_for.is_unspecified()) request.peer = result.brought_for.to_string();
  }
  result.problem = problem_of(parser);
  // Bodies are not read: nothing here takes one. What follows it could not be told apart from it.
  const bool has_body = parser.chunked() || parser.content_length().value_or(0) > 0;
  result.keep_alive = result.problem.empty() && message.keep_alive() && !has_body;
  if (!result.problem.empty()) return result;
  auto target = parse_target({message.target().data(), message.target().size()});
  if (target) {
    request.target = std::move(*target);
  } else {
    result.problem = "this is no request target that could be understood";
    result.keep_alive = false;
  }
  return result;
}

}  // namespace shmvideo::sink
