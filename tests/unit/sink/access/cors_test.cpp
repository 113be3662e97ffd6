// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/cors.hpp"

#include "shmvideo/error.hpp"
#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

std::string allowed(const Cors& cors, std::string_view origin) {
  const std::string lines = cors.headers(origin);
  const std::string name = "Access-Control-Allow-Origin: ";
  const auto begin = lines.find(name);
  if (begin == lines.npos) return "";
  return lines.substr(begin + name.size(), lines.find("\r\n", begin) - begin - name.size());
}

bool has_credentials(const Cors& cors, std::string_view origin) {
  return cors.headers(origin).find("Access-Control-Allow-Credentials") != std::string::npos;
}

}  // namespace

TEST_CASE("without origins there is no word of other pages", "[sink][access]") {
  CHECK(Cors().headers("https://a.example").empty());
  CHECK(Cors(std::vector<std::string>{}).headers("").empty());
}

TEST_CASE("an origin is let in when it is exactly one of those", "[sink][access]") {
  const Cors cors(
      {"https://A.example", "http://b.example:80", "https://c.example:8443", "http://[::1]:3000"});
  CHECK(allowed(cors, "https://a.example") == "https://a.example");
  CHECK(allowed(cors, "http://b.example") == "http://b.example");
  CHECK(allowed(cors, "https://c.example:8443") == "https://c.example:8443");
  CHECK(allowed(cors, "http://[::1]:3000") == "http://[::1]:3000");
  for (const char* other :
       {"http://a.example", "https://a.example:8443", "https://a.example.evil", "https://xa.example",
        "https://a.exampl", "null", "https://a.example/", "*", "https://a.example\r\nX: y"}) {
    INFO(other);
    CHECK(allowed(cors, other).empty());
    CHECK(cors.headers(other) == "Vary: Origin\r\n");
  }
  CHECK(has_credentials(cors, "https://a.example"));
}

TEST_CASE("all may, but without what a user has typed in", "[sink][access]") {
  const Cors cors({"*", "https://a.example"});
  CHECK(allowed(cors, "https://b.example") == "*");
  CHECK_FALSE(has_credentials(cors, "https://b.example"));
  CHECK(allowed(cors, "https://a.example") == "https://a.example");
  CHECK(has_credentials(cors, "https://a.example"));
}

TEST_CASE("what is no origin is refused", "[sink][access]") {
  for (const char* text :
       {"", "a.example", "https://", "https://a.example/", "https://a.example/x", "null", "://a",
        "https://a b", "https://a@b", "https://a\r\nb", "ht_tp://a", "https://*.example"}) {
    INFO(text);
    CHECK_THROWS_AS(Cors(std::vector<std::string>{text}), shmvideo::Error);
  }
}

TEST_CASE("a browser may ask what it may ask", "[sink][access]") {
  const Cors cors({"https://a.example"});
  Request request;
  request.method = "OPTIONS";
  request.origin = "https://a.example";
  CHECK_FALSE(cors.preflight(request));
  request.wanted_method = "GET";
  REQUIRE(cors.preflight(request));
  CHECK(cors.preflight(request)->status == 204);
  CHECK_THAT(cors.preflight(request)->headers,
             ContainsSubstring("Access-Control-Allow-Headers: Authorization"));
  request.method = "GET";
  CHECK_FALSE(cors.preflight(request));
  request.method = "OPTIONS";
  request.origin = "https://b.example";
  CHECK_FALSE(cors.preflight(request));
}
