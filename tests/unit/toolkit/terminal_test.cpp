// SPDX-License-Identifier: Apache-2.0
#include "toolkit/terminal/terminal.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace shmvideo::toolkit;

TEST_CASE("a sparkline shows the last values, the largest as a full bar") {
  CHECK(sparkline(std::vector<double>{0, 7}, 5) == "▁█");
  CHECK(sparkline(std::vector<double>{9, 0, 1, 2}, 3) == "▁▅█");
  CHECK(sparkline(std::vector<double>{0, 0}, 5) == "▁▁");
  CHECK(sparkline({}, 5).empty());
}

TEST_CASE("lines are cut between characters") {
  CHECK(cut_to_columns("abc", 5) == "abc");
  CHECK(cut_to_columns("abc", 2) == "ab");
  CHECK(cut_to_columns("▁▃█", 2) == "▁▃");
  CHECK(cut_to_columns("", 2).empty());
}
