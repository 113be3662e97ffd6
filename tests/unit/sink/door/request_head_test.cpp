// SPDX-License-Identifier: Apache-2.0
#include "sink/http/request_head.hpp"

#include <string>

#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

Peer peer(const std::string& address) {
  Peer made;
  made.address = boost::asio::ip::make_address(address);
  made.name = address + ":4242";
  return made;
}

RequestHead read(const std::string& lines, const Peer& from = peer("192.0.2.1"),
                 const TrustedProxies& proxies = {}) {
  return read_head(lines + "\r\n", from, proxies);
}

}  // namespace

TEST_CASE("a request's header says what is asked for, and by whom") {
  const auto head = read(
      "HEAD http://a/stream?fps=5 HTTP/1.1\r\nHost: a\r\nUser-Agent: me\r\nIf-None-Match: \"1\"\r\n"
      "If-None-Match: \"2\"\r\nX-Forwarded-For: 198.51.100.1\r\n");
  CHECK(head.problem.empty());
  CHECK(head.keep_alive);
  CHECK(head.request.is_head);
  CHECK(head.request.method == "HEAD");
  CHECK(head.request.target.path == "/stream");
  CHECK(head.request.agent == "me");
  CHECK(head.request.if_none_match == "\"1\", \"2\"");
  CHECK(head.request.peer == "192.0.2.1:4242");
  CHECK(head.brought_for.is_unspecified());
}

TEST_CASE("a trusted proxy says for whom it asks, nobody else does") {
  const std::string lines =
      "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.9.9.9\r\nX-Forwarded-For: 198.51.100.1\r\n";
  CHECK(read(lines, peer("10.0.0.1"), TrustedProxies({"10.0.0.1"})).request.peer == "198.51.100.1");
  CHECK(read(lines, peer("10.0.0.2"), TrustedProxies({"10.0.0.1"})).request.peer == "10.0.0.2:4242");
  Peer by_unix;
  by_unix.is_unix = true;
  by_unix.name = "unix (pid 1)";
  CHECK(read(lines, by_unix).request.peer == "198.51.100.1");
  CHECK(read("GET / HTTP/1.1\r\nHost: a\r\n", by_unix).request.peer == "unix (pid 1)");
}

TEST_CASE("connections stay open as clients want it, and never behind a body") {
  CHECK_FALSE(read("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n").keep_alive);
  CHECK_FALSE(read("GET / HTTP/1.0\r\n").keep_alive);
  CHECK(read("GET / HTTP/1.0\r\nConnection: keep-alive\r\n").keep_alive);
  CHECK_FALSE(read("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n").keep_alive);
  CHECK_FALSE(read("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n").keep_alive);
  CHECK(read("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: 100-continue\r\n").keep_alive);
}

TEST_CASE("what two servers could understand differently is refused, and the connection ends") {
  const auto [lines, why] = GENERATE(table<std::string, std::string>({
      {"GET / HTTP/1.1\r\n", "needs a Host"},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n", "more than once"},
      {"GET / HTTP/1.1\r\nHost: a, b\r\n", "no name of a host"},
      {"GET / HTTP/1.1\r\nHost: a/b\r\n", "no name of a host"},
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n", ""},
      {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n", ""},
      {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n", "chunked is the one"},
      {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n", "chunked is the one"},
      {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n", "chunked is the one"},
      {"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", "HTTP/1.0 has no"},
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n", ""},
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n", ""},
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n", ""},
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n", ""},
      {"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic x\r\nAuthorization: Basic y\r\n", "more than once"},
      {"GET / HTTP/1.2\r\nHost: a\r\n", ""},
      {"GET / HTTP/2.0\r\nHost: a\r\n", ""},
      {"PRI * HTTP/2.0\r\n", ""},
      {"GET /\r\nHost: a\r\n", ""},
      {"GET  / HTTP/1.1\r\nHost: a\r\n", ""},
      {"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n", "no request target"},
      {"GET / HTTP/1.1\r\nHo(st: a\r\n", ""},
  }));
  const auto head = read(lines);
  CAPTURE(lines, head.problem);
  CHECK_FALSE(head.problem.empty());
  CHECK(head.problem.find(why) != std::string::npos);
  CHECK_FALSE(head.keep_alive);
}
