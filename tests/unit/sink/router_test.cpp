// SPDX-License-Identifier: Apache-2.0
#include "sink/http/router.hpp"

#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

Reply ask(const Router& router, std::string_view method, std::string_view target) {
  Request request;
  request.target = *parse_target(target);
  request.method = method;
  return std::get<Reply>(router.handle(request));
}

Router some_routes() {
  Router router;
  using enum Router::Kind;
  using enum Audience;
  router.add("/", Router::Scope::segment, told, viewer,
             [](const Request& request) { return json_reply("home" + request.segment); });
  router.add("/status", Router::Scope::segment, told, viewer,
             [](const Request& request) { return json_reply("{" + request.segment + "}"); });
  router.add("/old", Router::Scope::segment, alias, viewer, [](const Request&) { return json_reply("old"); });
  router.add("/all", Router::Scope::server, told, admin, [](const Request&) { return json_reply("all"); });
  return router;
}

}  // namespace

TEST_CASE("a request goes to the route of its path", "[sink][http]") {
  const Router router = some_routes();
  CHECK(ask(router, "GET", "/").body == "home");
  CHECK(ask(router, "HEAD", "/status?x=1").body == "{}");
  CHECK(ask(router, "GET", "/old").body == "old");
}

TEST_CASE("a request knows the route that it met", "[sink][http]") {
  const Router router = some_routes();
  const auto route_of = [&](std::string_view method, std::string_view target) {
    Request request;
    request.target = *parse_target(target);
    request.method = method;
    router.handle(request);
    return std::string(request.route);
  };
  CHECK(route_of("GET", "/s/cam-1/status?x=1") == "/status");
  CHECK(route_of("POST", "/status") == "/status");
  CHECK(route_of("GET", "/s/cam-1") == "/");
  CHECK(route_of("GET", "/nowhere").empty());
}

TEST_CASE("what is of a segment is there below its name too", "[sink][http]") {
  const Router router = some_routes();
  CHECK(ask(router, "GET", "/s/cam-1/status?x=1").body == "{cam-1}");
  CHECK(ask(router, "GET", "/s/cam-1/").body == "homecam-1");
  CHECK(ask(router, "GET", "/s/cam-1?action=x").body == "homecam-1");
  CHECK(ask(router, "GET", "/status").body == "{}");
  for (const char* target :
       {"/s", "/s/", "/s//", "/s//status", "/s/cam-1/status/", "/s/a/b/status", "/s/cam-1/all"}) {
    INFO(target);
    CHECK(ask(router, "GET", target).status == 404);
  }
}

TEST_CASE("a segment's page is below its name, with a slash", "[sink][http]") {
  const Reply reply = ask(some_routes(), "GET", "/s/cam-1");
  CHECK(reply.status == 308);
  CHECK(reply.headers == "Location: ./cam-1/\r\n");
  CHECK(ask(some_routes(), "GET", "/s/https:elsewhere").headers == "Location: ./https:elsewhere/\r\n");
}

namespace {

/// Lets nobody in; remembers what it was asked.
struct ClosedGate final : Gate {
  std::optional<Refusal> refuse(Request& request, Audience audience) override {
    asked.emplace_back(request.segment + "|" + request.target.path, audience);
    return error_reply(401, "who are you");
  }
  std::vector<std::pair<std::string, Audience>> asked;
};

}  // namespace

TEST_CASE("a gate is asked before anything is told, also whether there is something", "[sink][http]") {
  Router router = some_routes();
  ClosedGate gate;
  router.set_gate(&gate);
  for (const char* target : {"/status", "/all", "/nowhere", "/s/cam-1/nowhere", "/s/cam-1", "*"}) {
    INFO(target);
    CHECK(ask(router, "GET", target).status == 401);
    CHECK(ask(router, "OPTIONS", target).status == 401);
    CHECK(ask(router, "DELETE", target).status == 401);
  }
  CHECK(gate.asked.size() == 18);
  CHECK(gate.asked[0] == std::pair{std::string("|/status"), Audience::viewer});
  CHECK(gate.asked[3].second == Audience::admin);
  CHECK(gate.asked[6].second == Audience::viewer);
  CHECK(gate.asked[9].first == "cam-1|/nowhere");
}

TEST_CASE("an unknown path is 404 and names what there is", "[sink][http]") {
  const Reply reply = ask(some_routes(), "GET", "/nowhere");
  CHECK(reply.status == 404);
  CHECK(reply.content_type == "application/json");
  CHECK_THAT(reply.body,
             ContainsSubstring(R"("detail":"there is nothing at /nowhere; there are /, /status, /all; )"));
  CHECK(ask(some_routes(), "POST", "/nowhere").status == 404);
}

TEST_CASE("other methods are 405 and told which there are", "[sink][http]") {
  for (const char* method : {"POST", "PUT", "DELETE", "get"}) {
    const Reply reply = ask(some_routes(), method, "/status");
    CHECK(reply.status == 405);
    CHECK(reply.headers == "Allow: GET, HEAD, OPTIONS\r\n");
    CHECK_THAT(reply.body, ContainsSubstring("GET, HEAD and OPTIONS"));
  }
}

TEST_CASE("OPTIONS is told what may be done, of a path or of all", "[sink][http]") {
  for (const char* target : {"/status", "/s/cam-1/status", "/s/cam-1", "*"}) {
    const Reply reply = ask(some_routes(), "OPTIONS", target);
    INFO(target);
    CHECK(reply.status == 204);
    CHECK(reply.headers == "Allow: GET, HEAD, OPTIONS\r\n");
    CHECK(reply.body.empty());
  }
  CHECK(ask(some_routes(), "OPTIONS", "/nowhere").status == 404);
  CHECK(ask(some_routes(), "GET", "*").status == 404);
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
  CHECK(kept.find("ETag") == std::string::npos);
  CHECK_THAT(render_head(reply, true, true), ContainsSubstring("\r\nConnection: keep-alive\r\n"));
  CHECK_THAT(render_head(reply, false, true), ContainsSubstring("\r\nConnection: close\r\n"));
}

TEST_CASE("what has a tag may be kept and asked for again", "[sink][http]") {
  Reply reply = json_reply("{}");
  reply.etag = "\"1\"";
  reply.headers = "X-Frame-Number: 1\r\n";
  const std::string head = render_head(reply, true, false);
  CHECK_THAT(head, ContainsSubstring("\r\nETag: \"1\"\r\n"));
  CHECK_THAT(head, ContainsSubstring("\r\nCache-Control: private, no-cache\r\n"));
  CHECK(head.find("no-store") == std::string::npos);
}

TEST_CASE("304 and 204 have neither a body nor a length, nor a type", "[sink][http]") {
  Reply reply = json_reply("{}");
  reply.etag = "\"1\"";
  reply.headers = "X-Frame-Number: 1\r\n";
  const Reply known = not_modified_reply(reply);
  const std::string head = render_head(known, true, false);
  CHECK(known.body.empty());
  CHECK_THAT(head, ContainsSubstring("HTTP/1.1 304 Not Modified\r\n"));
  CHECK_THAT(head, ContainsSubstring("\r\nETag: \"1\"\r\n"));
  CHECK_THAT(head, ContainsSubstring("\r\nX-Frame-Number: 1\r\n"));
  CHECK(head.find("\r\nContent-") == std::string::npos);
  CHECK(render_head(options_reply(), true, false).find("\r\nContent-") == std::string::npos);
}
