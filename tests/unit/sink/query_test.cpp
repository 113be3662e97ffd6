// SPDX-License-Identifier: Apache-2.0
#include "sink/http/query.hpp"

#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

/// "path|name=value|name=value", or "refused".
std::string read(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) return "refused";
  std::string all = target->path;
  for (const auto& each : target->parameters) all += "|" + each.name + "=" + each.value;
  return all;
}

}  // namespace

TEST_CASE("a request target comes apart into its path and parameters", "[sink][http]") {
  CHECK(read("/") == "/");
  CHECK(read("/stream/video") == "/stream/video");
  CHECK(read("/stream/video?") == "/stream/video");
  CHECK(read("/stream?quality=85&fps=30") == "/stream|quality=85|fps=30");
  CHECK(read("/stream?quality=85&quality=86") == "/stream|quality=85|quality=86");
  CHECK(read("/stream?&&quality=1&") == "/stream|quality=1");
  CHECK(read("/stream?quality") == "/stream|quality=");
  CHECK(read("/stream?quality=") == "/stream|quality=");
  CHECK(read("/stream?=5") == "/stream|=5");
  CHECK(read("/stream?a=b=c?d") == "/stream|a=b=c?d");
  CHECK(read("/stream?q%75ality=8%35&name=a+b%2B") == "/stream|quality=85|name=a b+");
  CHECK(read("/stream#part?quality=1") == "/stream");
}

TEST_CASE("the absolute form of a target counts from its path", "[sink][http]") {
  CHECK(read("http://camera:8000/snapshot?quality=5") == "/snapshot|quality=5");
  CHECK(read("http://camera") == "/");
  CHECK(read("*") == "*");
  CHECK(read("/go?to=http://camera/x") == "/go|to=http://camera/x");
}

TEST_CASE("a path is taken as it is, so that nothing has two names", "[sink][http]") {
  CHECK(read("/stream%2Fvideo") == "/stream%2Fvideo");
  CHECK(read("/../etc/passwd") == "/../etc/passwd");
  CHECK(read("//stream") == "//stream");
}

TEST_CASE("a target that makes no sense is refused", "[sink][http]") {
  for (const char* text :
       {"", "**", "*?a=1", "stream", "?quality=1", "/s?a=%", "/s?a=%2", "/s?a=%zz", "/s?a=%+1", "/s?a=%00",
        "/s?a=%0d%0aX-Evil:1", "/s?%7f=1", "http://host?quality=1"}) {
    INFO(text);
    CHECK(read(text) == "refused");
  }
}

TEST_CASE("a whole number is decimal digits within its range and nothing else", "[sink][http]") {
  CHECK(parse_whole_number("1", 1, 100) == 1);
  CHECK(parse_whole_number("100", 1, 100) == 100);
  CHECK(parse_whole_number("007", 1, 100) == 7);
  for (const char* text :
       {"", "0", "101", "-1", "+5", " 5", "5 ", "5.0", "0x5", "5e1", "1000000000000000000000", "five"}) {
    INFO(text);
    CHECK_FALSE(parse_whole_number(text, 1, 100));
  }
}
