// SPDX-License-Identifier: Apache-2.0
#include "sink/http/head_scan.hpp"

#include <string>
#include <string_view>

#include "support/catch.hpp"

using shmvideo::sink::HeadScan;

namespace {

constexpr std::string_view kWhole = "GET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\n\r\n";

/// In pieces of so many bytes.
HeadScan scan(std::string_view bytes, std::size_t piece) {
  HeadScan scanned;
  for (std::size_t end = piece; end < bytes.size(); end += piece) {
    if (scanned.go_on(bytes.substr(0, end))) return scanned;
  }
  scanned.go_on(bytes);
  return scanned;
}

}  // namespace

TEST_CASE("a header's end is found, in whatever pieces it comes, and what follows is left alone") {
  const std::string more = std::string(kWhole) + "GET /next HTTP/1.1\r\n";
  for (std::size_t piece = 1; piece <= more.size(); ++piece) {
    const HeadScan scanned = scan(more, piece);
    CAPTURE(piece);
    CHECK(scanned.problem().empty());
    CHECK(scanned.size() == kWhole.size());
  }
}

TEST_CASE("a header that has not come to its end is waited for") {
  for (std::size_t bytes = 0; bytes < kWhole.size(); ++bytes) {
    HeadScan scanned;
    CAPTURE(bytes);
    CHECK_FALSE(scanned.go_on(kWhole.substr(0, bytes)));
    CHECK(scanned.size() == 0);
  }
}

TEST_CASE("lines that servers understand differently are refused, in whatever pieces they come") {
  const auto [lines, why] = GENERATE(table<std::string, std::string>({
      {"GET / HTTP/1.1\nHost: a\r\n\r\n", "without CR"},
      {"GET / HTTP/1.1\r\nHost: a\n\r\n", "without CR"},
      {"GET / HTTP/1.1\r\nHost: a\r\n\n", "without CR"},
      {"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", "CR stands alone"},
      {"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", "goes on in the next"},
      {"GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", "goes on in the next"},
      {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "before a colon"},
      {"GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", "before a colon"},
      {"GET / HTTP/1.1\r\nHost\r\n\r\n", "no colon"},
      {std::string("GET / HTTP/1.1\r\nHost: a") + '\0' + "b\r\n\r\n", "NUL"},
      {"\x16\x03\x01\x02", "https"},
  }));
  for (std::size_t piece = 1; piece <= lines.size(); ++piece) {
    const HeadScan scanned = scan(lines, piece);
    CAPTURE(lines, piece);
    CHECK(scanned.problem().find(why) != std::string_view::npos);
    CHECK(scanned.size() == 0);
  }
}
