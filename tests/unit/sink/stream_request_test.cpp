// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/stream_request.hpp"

#include "sink/http/query.hpp"
#include "sink/mjpeg/endpoints/stream_parameters.hpp"
#include "sink/mjpeg/viewers/stream_cookie.hpp"
#include "support/catch.hpp"

using namespace shmvideo::sink;
using namespace std::chrono_literals;

namespace {

constexpr const char* kChrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
constexpr const char* kSafari =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Safari/605.1.15";

StreamRequest read(const std::string& query) {
  StreamRequest request;
  const auto mistake = read_stream_request(*parse_target("/stream?" + query), {}, request);
  INFO(mistake);
  REQUIRE(mistake.empty());
  return request;
}

std::string mistake(const std::string& query) {
  StreamRequest request;
  return read_stream_request(*parse_target("/stream?" + query), {}, request);
}

}  // namespace

TEST_CASE("a request without parameters leaves everything to the server", "[sink][mjpeg]") {
  StreamRequest request;
  CHECK(read_stream_request(*parse_target("/stream"), {}, request).empty());
  CHECK_FALSE(request.wishes.quality);
  CHECK_FALSE(request.wishes.fps);
  CHECK_FALSE(request.wishes.adaptive);
  CHECK_FALSE(request.extra_headers);
  CHECK(request.max_delay == 0ns);
  CHECK(request.key.empty());
}

TEST_CASE("all parameters of a stream are read", "[sink][mjpeg]") {
  const auto request = read(
      "quality=70&fps=12&width=640&height=480&adaptive=1&extra_headers=true&"
      "advance_headers=0&dual_final_frames=false&zero_data=yes&key=door&max_delay=200");
  CHECK(request.wishes.quality == 70);
  CHECK(request.wishes.fps == 12);
  CHECK(request.wishes.width == 640u);
  CHECK(request.wishes.height == 480u);
  CHECK(request.wishes.adaptive == true);
  CHECK(request.extra_headers == true);
  CHECK(request.advance_headers == false);
  CHECK(request.dual_final_frames == false);
  CHECK(request.zero_data == true);
  CHECK(request.key == "door");
  CHECK(request.max_delay == 200ms);
}

TEST_CASE("a delay is in milliseconds or says its unit", "[sink][mjpeg]") {
  CHECK(read("max_delay=250").max_delay == 250ms);
  CHECK(read("max_delay=250ms").max_delay == 250ms);
  CHECK(read("max_delay=2s").max_delay == 2s);
  CHECK(read("max_delay=60000").max_delay == 60s);
  for (const char* wrong :
       {"0", "-1", "61s", "60001", "1.5s", "1m", "ms", "", "1 s", "99999999999999999999"}) {
    INFO(wrong);
    CHECK_THAT(mistake(std::string("max_delay=") + (*wrong == '1' && wrong[1] == ' ' ? "1%20s" : wrong)),
               ContainsSubstring("must be a time from 1 ms to 60 s"));
  }
}

TEST_CASE("a flag that is neither yes nor no is refused with what it may be", "[sink][mjpeg]") {
  for (const char* name :
       {"adaptive", "extra_headers", "advance_headers", "dual_final_frames", "zero_data"}) {
    for (const char* wrong : {"2", "", "on", "TRUE", "-1"}) {
      const std::string text = mistake(std::string(name) + "=" + wrong);
      CHECK_THAT(text, ContainsSubstring(std::string(name) + " must be 1 or 0, true or false"));
    }
  }
}

TEST_CASE("a browser gets what it needs, and any viewer what it asks for", "[sink][mjpeg]") {
  CHECK(style_of({}, kChrome).advance_headers);
  CHECK_FALSE(style_of({}, kChrome).dual_final_frames);
  CHECK(style_of({}, kSafari).dual_final_frames);
  CHECK_FALSE(style_of({}, "curl/7.88.1").advance_headers);
  CHECK_FALSE(style_of(read("advance_headers=0"), kChrome).advance_headers);
  CHECK_FALSE(style_of(read("dual_final_frames=0"), kSafari).dual_final_frames);
  CHECK(style_of(read("advance_headers=1"), "curl/7.88.1").advance_headers);
  CHECK(style_of(read("dual_final_frames=1"), "curl/7.88.1").dual_final_frames);
}

TEST_CASE("who asks for extra headers gets them, unless it asks for heads in advance too", "[sink][mjpeg]") {
  CHECK(style_of(read("extra_headers=1"), kChrome).extra_headers);
  CHECK_FALSE(style_of(read("extra_headers=1"), kChrome).advance_headers);
  CHECK_FALSE(style_of(read("extra_headers=1&advance_headers=1"), kChrome).extra_headers);
  CHECK(style_of(read("extra_headers=1&advance_headers=1"), kChrome).advance_headers);
}

TEST_CASE("a cookie names the viewer, whatever it calls itself", "[sink][mjpeg]") {
  CHECK(stream_cookie("door", 26) ==
        "Set-Cookie: stream_client=door/000000000000001a; path=/; max-age=30\r\n");
  CHECK(stream_cookie("", 1) == "Set-Cookie: stream_client=0/0000000000000001; path=/; max-age=30\r\n");
  CHECK(stream_cookie("a; domain=x/y \xc3\xa9", 1) ==
        "Set-Cookie: stream_client=a%3B%20domain%3Dx%2Fy%20%C3%A9/0000000000000001; path=/; max-age=30\r\n");
}
