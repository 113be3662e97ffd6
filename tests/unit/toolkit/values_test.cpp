// SPDX-License-Identifier: Apache-2.0
#include "toolkit/options/values.hpp"

#include <string>

#include "support/catch.hpp"

using namespace shmvideo::toolkit;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace {

/// What the parser says of a text that it refuses; fails if it takes it.
template <typename Parser>
std::string refusal(Parser parse, const std::string& text) {
  try {
    parse(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  FAIL("taken: '" << text << "'");
  return {};
}

}  // namespace

TEST_CASE("durations are whole numbers with a unit, seconds without one") {
  const std::pair<const char*, nanoseconds> table[] = {
      {"0", 0ns}, {"90", 90s},      {"90s", 90s}, {"10m", 10min},
      {"1h", 1h}, {"250ms", 250ms}, {"007", 7s},  {"9223372036", 9223372036s},
  };
  for (const auto& [text, value] : table) {
    INFO(text);
    CHECK(parse_duration(text) == value);
  }
  for (const char* text : {"", " 1", "1 ", "1.5s", "-1", "+1", "1d", "s", "ms", "1sm", "1S", "0x10", "1e3",
                           "9223372037", "99999999999999999999", "2562048h"}) {
    CHECK_THAT(refusal(parse_duration, text), ContainsSubstring("90, 90s, 10m, 1h or 250ms"));
  }
}

TEST_CASE("sizes are whole numbers of bytes, K, M or G of 1024") {
  const std::pair<const char*, std::uint64_t> table[] = {
      {"0", 0}, {"4096", 4096}, {"512K", 512 << 10}, {"15M", 15 << 20}, {"2G", std::uint64_t{2} << 30}};
  for (const auto& [text, value] : table) CHECK(parse_byte_size(text).bytes == value);
  for (const char* text : {"", "K", "1k", "1KB", "1.5M", "-1", "1T", "8589934592G", "18446744073709551616"}) {
    CHECK_THAT(refusal(parse_byte_size, text), ContainsSubstring("512K, 15M or 2G"));
  }
}

TEST_CASE("resolutions are two numbers from 1 to 65535 with an x") {
  CHECK(parse_resolution("1920x1080").width == 1920);
  CHECK(parse_resolution("1920x1080").height == 1080);
  CHECK(parse_resolution("1X65535").height == 65535);
  for (const char* text : {"", "x", "1920", "1920x", "x1080", "0x1", "1x0", "65536x1", "1x65536", "1920*1080",
                           "1920x1080x3", " 1x1", "-1x1", "99999999999x1"}) {
    CHECK_THAT(refusal(parse_resolution, text), ContainsSubstring("1920x1080"));
  }
}

TEST_CASE("rates are whole, decimal or fractions, up to 1000") {
  const std::tuple<const char*, unsigned, unsigned> table[] = {
      {"30", 30, 1},  {"29.97", 2997, 100}, {"30000/1001", 30000, 1001},
      {"0.5", 5, 10}, {"25.000", 25, 1},    {"1000", 1000, 1}};
  for (const auto& [text, numerator, denominator] : table) {
    INFO(text);
    const Rate rate = parse_rate(text);
    CHECK(rate.numerator == numerator);
    CHECK(rate.denominator == denominator);
  }
  for (const char* text : {"", "0", "0.0", "-1", "1001", "1/0", "0/1", "30/", "/1", "30.", ".5", "1.2345",
                           "30fps", "4294967296", "nan", "1e2", "30/-1"}) {
    CHECK_THAT(refusal(parse_rate, text), ContainsSubstring("30000/1001"));
  }
}

TEST_CASE("file modes are octal digits, with which the owner alone or the group too may write") {
  CHECK(parse_file_mode("640").bits == 0640);
  CHECK(parse_file_mode("0640").bits == 0640);
  CHECK(parse_file_mode("600").bits == 0600);
  CHECK(parse_file_mode("0664").bits == 0664);
  for (const char* text : {"", "8", "0x1ff", "1777", "00640", "rw-r--r--", "-1", "0", "777", "666", "440",
                           "700", "650", "661"}) {
    CHECK_THAT(refusal(parse_file_mode, text), ContainsSubstring("octal digits from 600 to 664"));
  }
}

TEST_CASE("numbers keep to their range, which the refusal names") {
  const auto quality = [](const std::string& text) { return parse_integer(text, 1, 100); };
  CHECK(quality("1") == 1);
  CHECK(quality("100") == 100);
  for (const char* text : {"", "0", "101", "-5", "50.0", "5 ", "99999999999999999999"}) {
    CHECK_THAT(refusal(quality, text), ContainsSubstring("from 1 to 100"));
  }
  const auto part = [](const std::string& text) { return parse_real(text, 0, 1); };
  CHECK(part("0.25") == 0.25);
  for (const char* text : {"", "1.01", "nan", "inf", "-0.1", "x"}) {
    CHECK_THAT(refusal(part, text), ContainsSubstring("from 0 to 1"));
  }
}

TEST_CASE("a segment's name is refused before it is part of a path") {
  const auto name = [](const std::string& text) { return Value<shmvideo::SegmentName>::parse(text); };
  CHECK(name("billiards_video").str() == "billiards_video");
  for (const char* text : {"", "../x", "a/b", ".hidden", "x.lock"}) refusal(name, text);
}

TEST_CASE("defaults are printed as they are written") {
  CHECK(print(nanoseconds(5s)) == "5s");
  CHECK(print(nanoseconds(90s)) == "90s");
  CHECK(print(nanoseconds(10min)) == "10m");
  CHECK(print(nanoseconds(250ms)) == "250ms");
  CHECK(print(nanoseconds(0)) == "0s");
  CHECK(print(ByteSize{512 << 10}) == "512K");
  CHECK(print(ByteSize{1000}) == "1000");
  CHECK(print(Resolution{1920, 1080}) == "1920x1080");
  CHECK(print(Rate{30, 1}) == "30");
  CHECK(print(Rate{30000, 1001}) == "30000/1001");
  CHECK(print(FileMode{0640}) == "0640");
  CHECK(print(0.5) == "0.5");
}
