// SPDX-License-Identifier: Apache-2.0
#include "metrics/family.hpp"

#include <clocale>
#include <limits>

#include "support/catch.hpp"

using namespace shmvideo::metrics;

namespace {

std::string value_of(double value) {
  Family family("x", Type::gauge, "h");
  family.add({}, value);
  const std::string text = family.text();
  return text.substr(text.rfind(' ') + 1);
}

std::string label_of(const std::string& value) {
  Family family("x", Type::gauge, "h");
  family.add({{"l", value}}, std::uint64_t{0});
  const std::string text = family.text();
  const auto from = text.find('"') + 1;
  return text.substr(from, text.rfind('"') - from);
}

}  // namespace

TEST_CASE("a family is its help, its type and its samples in their order", "[metrics]") {
  Family family("shm_video_x_total", Type::counter, "Counts something.");
  family.add({{"segment", "b"}}, std::uint64_t{18446744073709551615ULL});
  family.add({{"segment", "a"}, {"cause", "late"}}, std::uint64_t{0});
  CHECK(family.text() ==
        "# HELP shm_video_x_total Counts something.\n"
        "# TYPE shm_video_x_total counter\n"
        "shm_video_x_total{segment=\"b\"} 18446744073709551615\n"
        "shm_video_x_total{segment=\"a\",cause=\"late\"} 0\n");
}

TEST_CASE("a family without a sample is left out", "[metrics]") {
  std::vector<Family> families{{"a", Type::gauge, "A."}, {"b", Type::gauge, "B."}};
  families[1].add({}, 0.5);
  CHECK(to_text(families) == "# HELP b B.\n# TYPE b gauge\nb 0.5\n");
  CHECK(to_text({}).empty());
}

TEST_CASE("numbers are as short as they can be, in every locale", "[metrics]") {
  const char* old = std::setlocale(LC_ALL, nullptr);
  const std::string before = old ? old : "C";
  std::setlocale(LC_ALL, "de_DE.UTF-8");  // where there is one
  CHECK(value_of(0.1) == "0.1\n");
  CHECK(value_of(1.024e-06) == "1.024e-06\n");
  CHECK(value_of(29.97) == "29.97\n");
  std::setlocale(LC_ALL, before.c_str());
  CHECK(value_of(0) == "0\n");
  CHECK(value_of(std::numeric_limits<double>::infinity()) == "+Inf\n");
  CHECK(value_of(std::numeric_limits<double>::quiet_NaN()) == "NaN\n");
}

TEST_CASE("whatever stands in a label cannot leave its quotes", "[metrics]") {
  CHECK(label_of("a\"} 1\nevil{x=\"") == "a\\\"} 1\\nevil{x=\\\"");
  CHECK(label_of("C:\\x") == "C:\\\\x");
  CHECK(label_of("") == "");
  CHECK(label_of("ü€😀") == "ü€😀");
}

TEST_CASE("what is not UTF-8 in a label is replaced, byte by byte", "[metrics]") {
  const std::string bad = "\xef\xbf\xbd";
  CHECK(label_of("a\xff"
                 "b") == "a" + bad + "b");
  CHECK(label_of("\xc3") == bad);                                // cut off
  CHECK(label_of("\xe2\x82") == bad + bad);                      // cut off
  CHECK(label_of("\xc0\x80") == bad + bad);                      // longer than need be
  CHECK(label_of("\xe0\x80\x80") == bad + bad + bad);            // the same
  CHECK(label_of("\xed\xa0\x80") == bad + bad + bad);            // half of a pair
  CHECK(label_of("\xf4\x90\x80\x80") == bad + bad + bad + bad);  // beyond Unicode
  CHECK(label_of("\xc3\"") == bad + "\\\"");                     // must not swallow what follows
}

TEST_CASE("a histogram's buckets add up", "[metrics]") {
  Family family("x_seconds", Type::histogram, "X.");
  family.add({{"s", "n"}}, Histogram{{{0.5, 2}, {1, 0}, {2, 3}}, 4, 12.5});
  CHECK(family.text() ==
        "# HELP x_seconds X.\n# TYPE x_seconds histogram\n"
        "x_seconds_bucket{s=\"n\",le=\"0.5\"} 2\n"
        "x_seconds_bucket{s=\"n\",le=\"1\"} 2\n"
        "x_seconds_bucket{s=\"n\",le=\"2\"} 5\n"
        "x_seconds_bucket{s=\"n\",le=\"+Inf\"} 9\n"
        "x_seconds_sum{s=\"n\"} 12.5\n"
        "x_seconds_count{s=\"n\"} 9\n");
}

TEST_CASE("a histogram of nonsense never falls", "[metrics]") {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  Family family("x", Type::histogram, "X.");
  family.add({}, Histogram{{{1, kMost}, {2, kMost}}, 7, 0});
  CHECK(family.text().find("x_count 18446744073709551615\n") != std::string::npos);
  CHECK(family.text().find("x_bucket{le=\"2\"} 18446744073709551615\n") != std::string::npos);
}
