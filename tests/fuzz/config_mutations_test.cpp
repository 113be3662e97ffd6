// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <string>
#include <vector>

#include "config_pass.hpp"
#include "support/catch.hpp"

using namespace shmvideo_test;

TEST_CASE("a whole configuration sets every option", "[fuzz]") { CHECK(config_pass(sample_config()) == 13); }

TEST_CASE("thousands of damaged configurations are refused or understood", "[fuzz]") {
  static const std::vector<std::string> kPieces{"{",
                                                "}",
                                                "[",
                                                "]",
                                                ",",
                                                ":",
                                                "\"",
                                                "//",
                                                "/*",
                                                "*/",
                                                "null",
                                                "true",
                                                "-",
                                                "1e999",
                                                "0.1",
                                                "\\u0000",
                                                "\\ud800",
                                                "\xff",
                                                "99999999999999999999",
                                                "\n",
                                                "{\"a\":",
                                                "[[[[",
                                                "9e18",
                                                "-0",
                                                "1e-300"};
  std::mt19937_64 chance(20261121);
  const std::string sample = sample_config();
  std::size_t set = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = sample;
    for (std::uint64_t damage = chance() % 3 + 1; damage > 0; --damage) {
      const std::size_t at = chance() % text.size();
      const std::size_t length = std::min<std::size_t>(chance() % 8, text.size() - at);
      switch (chance() % 4) {
        case 0:
          text[at] = static_cast<char>(chance());
          break;
        case 1:
          text.erase(at, length);
          break;
        case 2:
          text.insert(at, kPieces[chance() % kPieces.size()]);
          break;
        default:
          text.insert(at, text.substr(chance() % text.size(), length));
      }
      if (text.empty()) text = "{";
    }
    set += config_pass(text);
  }
  // Some damage is in comments and texts: there must be some left, or nothing was reached.
  CHECK(set > 1000);
}

TEST_CASE("files of random bytes are no configurations", "[fuzz]") {
  std::mt19937_64 chance(7);
  for (int round = 0; round < 300; ++round) {
    std::string text(chance() % 2000 + 1, '\0');
    for (char& byte : text) byte = static_cast<char>(chance());
    CHECK(config_pass(text) == 0);
  }
}
