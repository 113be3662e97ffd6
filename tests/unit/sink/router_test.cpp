// SPDX-License-Identifier: Apache-2.0
#include "sink/http/router.hpp"

#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

Reply ask(const Router& router, std::string_view method, std::string_view target) {
  Request request;
  request.target = *parse_target(target);
  return std::get<Reply>(router.handle(method, request));
}

Router two_routes() {
  Router router;
  router.add("/", Router::Scope::server, [](const Request&) { return html_reply("home"); });
  router.add("/status", Router::Scope::segment,
             [](const Request& request) { return json_reply("{" + request.segment + "}"); });
  return router;
}

}  // namespace

TEST_CASE("a request goes to the route of its path", "[sink][http]") {
  const Router router = two_routes();
  CHECK(ask(router, "GET", "/").body == "home");
  CHECK(ask(router, "HEAD", "/status?x=1").body == "{}");
}

TEST_CASE("what is of a segment is there below its name too", "[sink][http]") {
  const Router router = two_routes();
  CHECK(ask(router, "GET", "/s/cam-1/status?x=1").body == "{cam-1}");
  CHECK(ask(router, "GET", "/status").body == "{}");
  for (const char* target : {"/s/cam-1/", "/s/cam-1", "/s/", "/s//status", "/s/cam-1/status/", "/s/a/b/status"})
    CHECK(ask(router, "GET", target).status == 404);
}

TEST_CASE("an unknown path is 404 and names what there is", "[sink][http]") {
  const Reply reply = ask(two_routes(), "GET", "/nowhere");
  CHECK(reply.status == 404);
  CHECK(reply.content_type == "application/json");
  CHECK_THAT(reply.body,
             ContainsSubstring(R"("detail":"there is nothing at /nowhere; there are /, /status")"));
  CHECK(ask(two_routes(), "POST", "/nowhere").status == 404);
}

TEST_CASE("other methods are 405 and told which there are", "[sink][http]") {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    const Reply reply = ask(two_routes(), method, "/status");
    CHECK(reply.status == 405);
    CHECK(reply.headers == "Allow: GET, HEAD\r\n");
    CHECK_THAT(reply.body, ContainsSubstring("GET and HEAD"));
  }
}

TEST_CASE("an error's detail is JSON whatever bytes it quotes", "[sink][http]") {
  const std::string body = error_reply(400, "a \"quote\" and \xff\x01").body;
  CHECK_THAT(body, ContainsSubstring(R"(a \"quote\" and )"));
  CHECK(body.find('\xff') == std::string::npos);
  CHECK(body.find('\x01') == std::string::npos);
}

TEST_CASE("the head of a reply says how long it is and how it ends", "[sink][http]") {
  const Reply reply = json_reply("{}");
  const std::string kept = render_head(reply, true, false);
  CHECK_THAT(kept, ContainsSubstring("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(kept, ContainsSubstring("\r\nContent-Length: 2\r\n"));
  CHECK_THAT(kept, ContainsSubstring("\r\nCache-Control: no-cache, no-store, must-revalidate\r\n"));
  CHECK(kept.find("Connection:") == std::string::npos);
  CHECK(kept.ends_with("\r\n\r\n"));
  CHECK_THAT(render_head(reply, true, true), ContainsSubstring("\r\nConnection: keep-alive\r\n"));
  CHECK_THAT(render_head(reply, false, true), ContainsSubstring("\r\nConnection: close\r\n"));
}
