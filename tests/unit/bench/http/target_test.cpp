// SPDX-License-Identifier: Apache-2.0
#include "http/target.hpp"

#include "http/address.hpp"
#include "support/catch.hpp"
#include "toolkit/options/usage_error.hpp"

using namespace shmvideo::bench::http;
using shmvideo::toolkit::UsageError;

TEST_CASE("URLs are taken apart") {
  const Target plain = parse_target("http://camera");
  CHECK(plain.host == "camera");
  CHECK(plain.port == 80);
  CHECK(plain.path == "/");
  const Target full = parse_target("http://127.0.0.1:8080/?action=stream&fps=5#there");
  CHECK(full.authority == "127.0.0.1:8080");
  CHECK(full.port == 8080);
  CHECK(full.path == "/?action=stream&fps=5");
  CHECK(parse_target("http://camera?action=stream").path == "/?action=stream");
  const Target six = parse_target("http://[::1]:99/stream");
  CHECK(six.host == "::1");
  CHECK(six.authority == "[::1]:99");
  CHECK(parse_target("http://[fe80::1]/").port == 80);
  const Target bare = parse_target("tcp://localhost:5000");
  CHECK(bare.is_bare);
  CHECK(request_of(bare).empty());
  CHECK(parse_target("http://camera/stream?zero_data=1").is_zero_data);
}

TEST_CASE("what is no URL of a stream is refused, and it is said why") {
  const std::pair<const char*, const char*> wrong[] = {{"camera:8080", "no URL"},
                                                       {"https://camera/", "TLS"},
                                                       {"http://", "no host"},
                                                       {"http://:80/", "no host"},
                                                       {"http://a:0/", "the port '0'"},
                                                       {"http://a:65536/", "65535"},
                                                       {"http://a:b/", "the port 'b'"},
                                                       {"http://a:/", "the port ''"},
                                                       {"http://::1/", "without brackets"},
                                                       {"http://[::1/", "bracket"},
                                                       {"http://[::1]80/", "colon"},
                                                       {"http://me:secret@a/", "user"},
                                                       {"http://a/b c", "blank"},
                                                       {"http://a/\r\nX: y", "control"},
                                                       {"tcp://a", "no port"},
                                                       {"tcp://a:1/path", "a path"},
                                                       {"", "no URL"},
                                                       {"ftp://a/", "no URL"}};
  for (const auto& [url, why] : wrong) {
    CAPTURE(url, why);
    try {
      parse_target(url);
      FAIL("it was taken");
    } catch (const UsageError& error) {
      CHECK_THAT(error.what(), ContainsSubstring(why) && ContainsSubstring("--http"));
    }
  }
}

TEST_CASE("the request names host and path") {
  const std::string request = request_of(parse_target("http://[::1]:99/stream?q=1"));
  CHECK_THAT(request, ContainsSubstring("GET /stream?q=1 HTTP/1.1\r\n"));
  CHECK_THAT(request, ContainsSubstring("Host: [::1]:99\r\n"));
  CHECK(request.ends_with("\r\n\r\n"));
}

TEST_CASE("hosts are looked up") {
  CHECK(addresses_of(parse_target("http://127.0.0.1/")).size() == 1);
  CHECK(addresses_of(parse_target("http://[::1]/")).front().storage.ss_family == AF_INET6);
  CHECK_THROWS_WITH(addresses_of(parse_target("http://no-such-host.invalid/")),
                    ContainsSubstring("no-such-host"));
}
