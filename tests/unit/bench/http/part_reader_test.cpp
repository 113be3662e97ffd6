// SPDX-License-Identifier: Apache-2.0
#include "http/part_reader.hpp"

#include <random>

#include "part_listener.hpp"
#include "support/catch.hpp"

using namespace shmvideo::bench::http;
using namespace shmvideo_test;

namespace {

/// Parts with a length, without, and an empty one, between a text for nobody and the last boundary.
std::string mixed_stream() {
  return "This is for those who do not know.\r\n--frame\r\n" + part(jpeg(), 1) + "--frame\r\n" +
         part(jpeg("\n--frame but not quite"), 2) + "--frame\r\n" + part(jpeg(), 3, false) + "--frame\r\n" +
         part("", 4) + "--frame  \r\n" + part(jpeg("\r"), 5, false) + "--frame\r\n" + part(jpeg(), 6) +
         "--frame--\r\nand so on";
}

Listener listen(std::string_view stream, const std::vector<std::size_t>& cuts,
                const std::string& boundary = "frame", bool keeps = true) {
  Listener listener;
  PartReader reader(boundary, keeps);
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    CHECK(reader.feed(stream.substr(from, cut - from), listener));
    from = cut;
  }
  CHECK(reader.feed(stream.substr(from), listener));
  return listener;
}

std::string problem(const std::string& stream) {
  Listener listener;
  PartReader reader("frame");
  CHECK_FALSE(reader.feed(stream, listener));
  CHECK_FALSE(reader.feed("more", listener));
  return reader.problem();
}

}  // namespace

TEST_CASE("parts with and without a length are read, with what their heads tell") {
  const Listener heard = listen(mixed_stream(), {});
  REQUIRE(heard.parts.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(heard.parts[i].number == i + 1);
    CHECK(heard.parts[i].fault == (i == 3 ? Fault::empty : Fault::none));
    CHECK(heard.parts[i].captured_ns == 1'700'000'000'000'000'000 + (101 + i) * 1000);
    CHECK(heard.parts[i].bytes == heard.parts[i].picture.size());
  }
  CHECK(heard.parts[0].picture == jpeg());
  CHECK(heard.parts[1].picture == jpeg("\n--frame but not quite"));
  CHECK(heard.parts[2].picture == jpeg());
  CHECK(heard.parts[4].picture == jpeg("\r"));
  CHECK(heard.wrong_lengths == 0);
}

TEST_CASE("wherever a stream is cut, it is read alike") {
  const std::string stream = mixed_stream();
  for (const bool keeps : {true, false}) {
    const Listener whole = listen(stream, {}, "frame", keeps);
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
      CAPTURE(cut);
      REQUIRE(listen(stream, {cut}, "frame", keeps).parts == whole.parts);
    }
    std::vector<std::size_t> everywhere;
    for (std::size_t cut = 1; cut < stream.size(); ++cut) everywhere.push_back(cut);
    CHECK(listen(stream, everywhere, "frame", keeps).parts == whole.parts);
  }
}

TEST_CASE("what may be skipped is never an end of a picture") {
  const std::string stream = "--frame\r\n" + part(jpeg(std::string(1000, 'x')), 1) + "--frame\r\n" +
                             part("\xff\xd8" + std::string(1000, 'x') + "yz", 2) + "--frame\r\n" +
                             part(std::string(1000, 'x'), 3);
  for (const std::size_t step : {1U, 3U, 64U, 5000U}) {
    Listener listener;
    PartReader reader("frame");
    std::size_t skipped = 0;
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t can_skip = std::min(reader.skippable(), step);
      const std::size_t bytes =
          std::min(can_skip > 0 ? can_skip : reader.worth_reading(step), stream.size() - at);
      can_skip > 0 ? reader.skip(bytes)
                   : void(reader.feed(std::string_view(stream).substr(at, bytes), listener));
      skipped += can_skip > 0 ? bytes : 0;
      at += bytes;
    }
    REQUIRE(listener.parts.size() == 3);
    CHECK(listener.parts[0].fault == Fault::none);
    CHECK(listener.parts[1].fault == Fault::no_end);
    CHECK(listener.parts[2].fault == Fault::no_start);
    CHECK(listener.parts[0].bytes == 1004);
    CHECK((step == 5000 || skipped > 2000));
  }
}

TEST_CASE("a boundary may have its dashes in its name, or be learned") {
  const std::string stream = "--frame\r\n" + part(jpeg(), 1) + "--frame\r\n" + part(jpeg(), 2);
  for (const char* boundary : {"frame", "--frame", ""}) {
    CAPTURE(boundary);
    CHECK(listen(stream, {}, boundary).parts.size() == 2);
  }
  const std::string dashed =
      "----frame\r\n" + part(jpeg(), 1) + "----frame\r\n" + part(jpeg(), 2, false) + "----frame\r\n";
  for (const char* boundary : {"--frame", ""}) CHECK(listen(dashed, {}, boundary).parts.size() == 2);
  CHECK(listen("--other\r\n" + part(jpeg(), 1), {}, "frame").parts.empty());
}

TEST_CASE("a length that is too small or too large is found, and the next part is read") {
  for (const int error : {-3, -1, 1, 3, 40}) {
    CAPTURE(error);
    const std::string picture = jpeg(std::string(500, 'x'));
    const std::size_t length = picture.size() + static_cast<std::size_t>(error);
    const std::string stream = "--frame\r\n" + part(jpeg(), 1) + "--frame\r\n" +
                               part(picture, 2, true, length) + "--frame\r\n" + part(jpeg(), 3) +
                               "--frame\r\n" + part(jpeg(), 4) + "--frame\r\n";
    for (std::size_t cut = 0; cut < stream.size(); ++cut) {
      const Listener heard = listen(stream, {cut});
      REQUIRE(heard.parts.size() >= 3);
      REQUIRE(heard.parts[1].fault == Fault::no_end);
      REQUIRE(heard.parts.back().number == 4);
      REQUIRE(heard.parts.back().fault == Fault::none);
    }
  }
  // The picture is whole, and something comes behind it.
  const Listener heard = listen(
      "--frame\r\n" + part(jpeg() + "rest", 1, true, jpeg().size()) + "--frame\r\n" + part(jpeg(), 2), {});
  CHECK(heard.wrong_lengths == 1);
  CHECK(heard.parts.size() == 2);
}

TEST_CASE("what cannot be a stream ends it, with a reason, in bounded memory") {
  CHECK_THAT(problem(std::string(100'000, 'x')), ContainsSubstring("no boundary"));
  CHECK_THAT(problem(std::string(100'000, '\n')), ContainsSubstring("no boundary"));
  CHECK_THAT(problem("--frame\r\n" + std::string(100'000, 'x')), ContainsSubstring("no end"));
  std::string lines = "--frame\r\n";
  for (int i = 0; i < 10'000; ++i) lines += "X-More: of it\r\n";
  CHECK_THAT(problem(lines), ContainsSubstring("no end"));
  for (const char* length : {"", "-1", "1x", "0x10", "99999999999999999999", "300000000000", "1 2"}) {
    CAPTURE(length);
    CHECK_THAT(problem("--frame\r\nContent-Length: " + std::string(length) + "\r\n\r\n"),
               ContainsSubstring("the length"));
  }
}

TEST_CASE("heads that make no sense are passed over") {
  const std::string stream =
      "--frame\r\nno colon\r\n: no name\r\nX-Timestamp: yesterday\r\nX-Frame-Number: -3\r\n\r\n" + jpeg() +
      "\r\n--frame\r\nX-Timestamp: 99999999999999999999.5\r\nX-Timestamp: 12.5.5\r\nx-frame-number: "
      "7\r\n\r\n" +
      jpeg() + "\r\n--frame\r\nX-Timestamp: 1700000012.1234567899\r\n\r\n" + jpeg() + "\r\n--frame\r\n";
  const Listener heard = listen(stream, {});
  REQUIRE(heard.parts.size() == 3);
  CHECK_FALSE(heard.parts[0].captured_ns);
  CHECK_FALSE(heard.parts[0].number);
  CHECK_FALSE(heard.parts[1].captured_ns);
  CHECK(heard.parts[1].number == 7);
  CHECK(heard.parts[2].captured_ns == 1'700'000'012'123'456'789);
}

TEST_CASE("any bytes are safe, in any pieces") {
  std::mt19937_64 chance(7);
  const std::string good = mixed_stream();
  const std::string pieces[] = {"--frame",  "\r\n",     "\n", "--", "Content-Length: 5\r\n",
                                "\xff\xd8", "\xff\xd9", "\r"};
  for (int round = 0; round < 3000; ++round) {
    std::string stream = good;
    for (int edits = 0; edits < 6; ++edits) {
      const std::size_t at = chance() % stream.size();
      if (chance() % 2 == 0) {
        stream[at] = static_cast<char>(chance());
      } else {
        stream.insert(at, pieces[chance() % std::size(pieces)]);
      }
    }
    Listener in_one, in_pieces;
    PartReader one("frame", true), other("frame", true);
    one.feed(stream, in_one);
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t bytes = std::min<std::size_t>(1 + chance() % 9, stream.size() - at);
      other.feed(std::string_view(stream).substr(at, bytes), in_pieces);
      at += bytes;
    }
    CAPTURE(round);
    REQUIRE(in_one.parts == in_pieces.parts);
    REQUIRE(in_one.wrong_lengths == in_pieces.wrong_lengths);
  }
}

TEST_CASE("a time from long ago is one since the machine was started, and 0 is none") {
  PartHead head;
  CHECK(read_head_line("X-Timestamp: 0.000000", head));
  CHECK(read_head_line("X-UStreamer-Grab-Time: 0.000000", head));
  CHECK_FALSE(head.captured_raw_ns);
  CHECK_FALSE(head.captured_realtime_ns);
  CHECK(read_head_line("X-Timestamp: 1700000000.5", head));
  CHECK(read_head_line("X-UStreamer-Grab-Time: 40817.25", head));
  CHECK(head.captured_raw_ns == 40'817'250'000'000);
  CHECK_FALSE(head.captured_monotonic_ns);
  CHECK(head.captured_realtime_ns == 1'700'000'000'500'000'000);
  PartHead driver;
  CHECK(read_head_line("x-timestamp:40817.25", driver));
  CHECK(driver.captured_monotonic_ns == 40'817'250'000'000);
  CHECK_FALSE(driver.captured_realtime_ns);
}
