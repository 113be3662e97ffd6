// SPDX-License-Identifier: Apache-2.0
#include "http/response_reader.hpp"

#include <sstream>

#include "part_listener.hpp"
#include "support/catch.hpp"

using namespace shmvideo::bench::http;
using namespace shmvideo_test;
using Problem = ResponseReader::Problem;

namespace {

const std::string kType = "Content-Type: multipart/x-mixed-replace;boundary=frame\r\n";

std::string body() {
  return "--frame\r\n" + part(jpeg(), 1) + "--frame\r\n" + part(jpeg(), 2, false) + "--frame\r\n" +
         part(jpeg(), 3);
}

/// In chunks of a few bytes, some of which have an extension.
std::string chunked(const std::string& text) {
  std::ostringstream chunks;
  for (std::size_t at = 0; at < text.size(); at += 7) {
    const std::string piece = text.substr(at, 7);
    chunks << std::hex << piece.size() << (at % 2 ? ";name=value" : "") << "\r\n" << piece << "\r\n";
  }
  return chunks.str();
}

struct Outcome {
  Listener listener;
  Problem problem = Problem::none;
  std::string text;
};

Outcome read(const std::string& stream, std::size_t step, bool is_bare = false) {
  Outcome outcome;
  ResponseReader reader(is_bare, true);
  for (std::size_t at = 0; at < stream.size(); at += step) {
    if (!reader.feed(std::string_view(stream).substr(at, step), outcome.listener)) break;
  }
  outcome.problem = reader.problem();
  outcome.text = reader.problem_text();
  return outcome;
}

void check_stream(const std::string& stream, bool is_bare = false) {
  for (const std::size_t step : {1U, 2U, 5U, 100U, 100'000U}) {
    CAPTURE(step, stream);
    const Outcome outcome = read(stream, step, is_bare);
    CHECK(outcome.problem == Problem::none);
    REQUIRE(outcome.listener.parts.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(outcome.listener.parts[i].picture == jpeg());
  }
}

}  // namespace

TEST_CASE("streams are read as the servers that there are send them") {
  check_stream("HTTP/1.0 200 OK\r\n" + kType + "\r\n" + body());
  check_stream("HTTP/1.1 200 OK\r\n" + kType + "Connection: close\r\n\r\n" + body());
  check_stream("HTTP/1.1 200 OK\r\n" + kType + "Transfer-Encoding: chunked\r\n\r\n" + chunked(body()));
  check_stream("HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=\"frame\"\r\n\r\n" +
               body());
  check_stream("HTTP/1.0 200 OK\r\nContent-Type: Multipart/X-Mixed-Replace; Boundary=--frame\r\n\r\n" +
               body());
  check_stream("HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace\r\n\r\n" + body());
  check_stream(body(), true);
}

TEST_CASE("a picture of a plain stream need not be read, one in chunks has to be") {
  Listener listener;
  for (const bool is_chunked : {false, true}) {
    ResponseReader reader(false);
    const std::string begin = "--frame\r\nContent-Length: 1000\r\n\r\n\xff\xd8xx";
    const std::string head = "HTTP/1.1 200 OK\r\n" + kType;
    CHECK(reader.feed(
        is_chunked ? head + "Transfer-Encoding: chunked\r\n\r\n" + chunked(begin) : head + "\r\n" + begin,
        listener));
    CHECK(reader.is_streaming());
    CHECK(reader.skippable() == (is_chunked ? 0U : 994U));
  }
}

TEST_CASE("an answer that is no stream is told by what it is") {
  for (const std::size_t step : {1U, 100'000U}) {
    CHECK(read("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}", step).text ==
          "503 Service Unavailable");
    CHECK(read("HTTP/1.1 404 Not Found\r\n\r\n", step).problem == Problem::status);
    const Outcome page = read("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", step);
    CHECK(page.problem == Problem::malformed);
    CHECK_THAT(page.text, ContainsSubstring("text/html"));
    CHECK(read("HTTP/1.1 200 OK\r\n\r\n", step).problem == Problem::malformed);
    CHECK(read("SSH-2.0-OpenSSH_9.2\r\n\r\n", step).problem == Problem::malformed);
    CHECK(read("HTTP/1.1 200 OK\r\n" + std::string(100'000, 'x'), step).problem == Problem::malformed);
    const std::string chunks = "HTTP/1.1 200 OK\r\n" + kType + "Transfer-Encoding: chunked\r\n\r\n";
    CHECK(read(chunks + "zz\r\n", step).problem == Problem::malformed);
    CHECK(read(chunks + "5;" + std::string(100'000, 'x'), step).problem == Problem::malformed);
    CHECK(read("HTTP/1.0 200 OK\r\n" + kType + "\r\n" + std::string(100'000, 'x'), step).problem ==
          Problem::malformed);
  }
}

TEST_CASE("a stream that the server ends is told as such") {
  for (const std::size_t step : {1U, 100'000U}) {
    const std::string head = "HTTP/1.1 200 OK\r\n" + kType;
    CHECK(read(head + "\r\n" + body() + "--frame--\r\n", step).problem == Problem::ended);
    CHECK(read(head + "Transfer-Encoding: chunked\r\n\r\n" + chunked(body()) + "0\r\n\r\n", step).problem ==
          Problem::ended);
    const Outcome sized =
        read(head + "Content-Length: " + std::to_string(body().size()) + "\r\n\r\n" + body(), step);
    CHECK(sized.problem == Problem::ended);
    CHECK(sized.listener.parts.size() == 3);
  }
}
