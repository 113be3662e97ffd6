// SPDX-License-Identifier: Apache-2.0
// Requests of any bytes, in an ordinary build: what the fuzzer kept, and as much again by chance.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "request_pass.hpp"
#include "support/catch.hpp"

using namespace shmvideo_test;

namespace {

std::vector<std::uint8_t> input(std::uint8_t how, std::uint8_t pieces, const std::string& text) {
  std::vector<std::uint8_t> bytes(text.size() + 2);
  bytes[0] = how;
  bytes[1] = pieces;
  std::ranges::copy(text, bytes.begin() + 2);
  return bytes;
}

std::string damaged(std::string text, std::mt19937_64& chance) {
  static const std::vector<std::string> kPieces{"\r\n",
                                                "\r\n\r\n",
                                                "\n",
                                                "\r",
                                                " ",
                                                "\t",
                                                "?",
                                                "&",
                                                "=",
                                                "%00",
                                                "%0d%0a",
                                                "%",
                                                "..",
                                                "/",
                                                "/s/",
                                                "#",
                                                "://",
                                                "+",
                                                "HTTP/1.0",
                                                "HTTP/9.9",
                                                ":",
                                                "\xff",
                                                "GET ",
                                                "HEAD ",
                                                "Host: b\r\n",
                                                "Content-Length: 99999999999999999999\r\n",
                                                "Content-Length: 5\r\n",
                                                "Transfer-Encoding: chunked\r\n",
                                                "Connection: close\r\n",
                                                "999999999999",
                                                "-1"};
  for (std::uint64_t damage = chance() % 4; damage > 0; --damage) {
    const std::size_t at = chance() % text.size();
    const std::size_t length = std::min<std::size_t>(chance() % 8, text.size() - at);
    switch (chance() % 5) {
      case 0:
        text[at] = static_cast<char>(chance());
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, kPieces[chance() % kPieces.size()]);
        break;
      case 3:
        text.resize(at);
        break;
      default:
        text.insert(at, text.substr(chance() % text.size(), length));
    }
    if (text.empty()) text = "G";
  }
  return text;
}

}  // namespace

TEST_CASE("every kind of request is answered in HTTP, in whatever pieces it comes", "[fuzz]") {
  for (const std::string& request : sample_requests()) {
    CAPTURE(request);
    for (const std::uint8_t pieces : std::initializer_list<std::uint8_t>{0, 1, 7})
      CHECK(request_pass(input(1, pieces, request)).all() == 1);
    for (const std::uint8_t how : std::initializer_list<std::uint8_t>{0, 2, 3, 4, 5, 6, 7})
      request_pass(input(how, 0, request));
  }
}

TEST_CASE("requests in a row are answered one after the other", "[fuzz]") {
  const std::string request = "GET /snapshot HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string last = "GET /stream/video HTTP/1.1\r\nHost: a\r\n\r\n";
  const AnswerCounts counts = request_pass(input(1, 5, request + request + request + last + request));
  CHECK(counts.good == 4);
  CHECK(counts.streams == 1);
}

TEST_CASE("thousands of damaged requests are answered or refused, and nothing is left of them", "[fuzz]") {
  std::mt19937_64 chance(20261121);
  const auto samples = sample_requests();
  AnswerCounts counts;
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    for (std::uint64_t i = chance() % 3 + 1; i > 0; --i)
      text += damaged(samples[chance() % samples.size()], chance);
    const auto how = static_cast<std::uint8_t>(chance());
    counts += request_pass(input(how, static_cast<std::uint8_t>(chance() % 2 ? 0 : chance()), text));
    target_pass(text.substr(0, text.find(' ')));
    target_pass(text.substr(std::min(text.find('/'), text.size() - 1)));
  }
  // Were there no answers of some kind, something would not have been reached.
  CHECK(counts.good > 300);
  CHECK(counts.streams > 50);
  CHECK(counts.refused > 300);
  CHECK(counts.failed > 10);
}

TEST_CASE("bytes that are no requests are refused", "[fuzz]") {
  std::mt19937_64 chance(7);
  AnswerCounts counts;
  for (int round = 0; round < 500; ++round) {
    std::string text(chance() % 40'000 + 1, '\0');
    for (char& byte : text) byte = static_cast<char>(chance());
    counts += request_pass(input(static_cast<std::uint8_t>(round % 8), 0, text));
    target_pass(text);
  }
  CHECK(counts.refused > 100);
  CHECK(counts.good + counts.failed == 0);
}

TEST_CASE("the requests that the fuzzer begins from do no harm", "[fuzz]") {
  std::size_t inputs = 0;
  AnswerCounts counts;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(SHMVIDEO_CORPUS) / "request")) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    counts += request_pass(std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
    ++inputs;
  }
  CHECK(inputs >= 30);
  CHECK(counts.good > 0);
  CHECK(counts.refused > 0);
}
