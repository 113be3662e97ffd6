// SPDX-License-Identifier: Apache-2.0
#include "sink/http/parameters.hpp"

#include <array>

#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

struct Read {
  int quality = 85;
  int fps = 30;
  std::string key;
  std::string mistake;
};

Read read(std::string_view query) {
  Read result;
  const std::array known{
      number_parameter("quality", {1, 100, 85}, "", [&](int given) { result.quality = given; }),
      number_parameter("fps", {1, 60}, "", [&](int given) { result.fps = given; }),
      text_parameter("key", 8, "", [&](const std::string& given) { result.key = given; })};
  result.mistake = read_parameters(*parse_target("/?" + std::string(query)), known);
  return result;
}

}  // namespace

TEST_CASE("parameters that are not given keep their defaults", "[sink][http]") {
  const Read result = read("fps=1");
  CHECK(result.mistake.empty());
  CHECK(result.fps == 1);
  CHECK(result.quality == 85);
  CHECK(read("quality=100&fps=60").quality == 100);
  CHECK(read("key=a%20b").key == "a b");
}

TEST_CASE("what pages add to get past a browser's memory is passed over", "[sink][http]") {
  for (const char* query : {"fps=1&_=17", "1690000000000&fps=1", "t=1&fps=1", "cacheBust=x&fps=1&t=2&t=3"}) {
    const Read result = read(query);
    INFO(query);
    CHECK(result.mistake.empty());
    CHECK(result.fps == 1);
  }
  CHECK_FALSE(read("1x=1").mistake.empty());
  CHECK_FALSE(read("=1").mistake.empty());
  int t = 0;
  const std::array known{number_parameter("t", {1, 9}, "", [&](int given) { t = given; })};
  CHECK(read_parameters(*parse_target("/?t=5"), known).empty());
  CHECK(t == 5);
}

TEST_CASE("what is wrong with a parameter is said in a sentence", "[sink][http]") {
  CHECK(read("quality=0").mistake == "quality must be a whole number from 1 to 100, not '0'");
  CHECK(read("quality=101").mistake == "quality must be a whole number from 1 to 100, not '101'");
  CHECK(read("fps=61").mistake == "fps must be a whole number from 1 to 60, not '61'");
  CHECK(read("fps=fast").mistake == "fps must be a whole number from 1 to 60, not 'fast'");
  CHECK(read("fps=").mistake == "fps must be a whole number from 1 to 60, not ''");
  CHECK(read("qualty=5").mistake == "unknown parameter 'qualty'; there are quality, fps, key");
  CHECK(read("key=123456789").mistake == "key must be at most 8 bytes long");
  CHECK(read("fps=5&fps=5").mistake == "fps is given more than once");
  CHECK(read_parameters(*parse_target("/?a=1"), {}) == "unknown parameter 'a'; there are none here");
}

TEST_CASE("what is said of a parameter is what it is read by", "[sink][http]") {
  const auto ignore = [](auto&&...) {};
  const std::array known{number_parameter("fps", {2, 60, 30}, "Frames.", ignore),
                         flag_parameter("adaptive", true, "Gives way.", ignore),
                         flag_parameter("advance", {}, "In advance.", ignore),
                         text_parameter("key", 8, "Its name.", ignore),
                         delay_parameter("max_delay", "Too old.", ignore),
                         choice_parameter("format", {"A", "B"}, "Which.", [](const std::string& given) {
                           return given == "A" || given == "b";
                         })};
  const auto forms = forms_of(known);
  REQUIRE(forms.size() == known.size());
  CHECK(forms[0].name == "fps");
  CHECK(forms[0].what == "Frames.");
  CHECK((forms[0].low == 2 && forms[0].high == 60 && forms[0].usual == "30"));
  CHECK((forms[1].usual == "1" && forms[2].usual.empty()));
  CHECK(forms[3].high == 8);
  CHECK((forms[4].low == 1 && forms[4].high == 60'000));
  CHECK(forms[5].choices == std::vector<std::string_view>{"A", "B"});
  CHECK(known[5].take("b").empty());
  CHECK(known[5].take("C") == "must be one of A, B, not 'C'");
}
