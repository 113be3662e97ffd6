// SPDX-License-Identifier: Apache-2.0
#include "http/page/page.hpp"

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "http/page/axis.hpp"
#include "http/page/chart.hpp"
#include "load_example.hpp"
#include "support/catch.hpp"

using namespace shmvideo::bench::http;
using shmvideo_test::good_load;

TEST_CASE("round numbers stand on an axis, within it") {
  for (const double high : {0.003, 0.7, 1.0, 29.97, 31.0, 3600.0, 1e6}) {
    const Axis axis({0, high}, false, true, 100, 0);
    const auto ticks = axis.ticks(5);
    CAPTURE(high);
    REQUIRE(ticks.size() >= 3);
    CHECK(ticks.size() <= 12);
    CHECK(ticks.back() >= high * 0.99);
    for (const double tick : ticks) CHECK((axis.at(tick) >= 0 && axis.at(tick) <= 100));
  }
  const Axis log({0.3, 70}, true, true, 100, 0);
  CHECK(log.at(0.2) == Approx(100));
  CHECK(log.at(100) == Approx(0));
  CHECK(log.ticks(5).size() >= 3);
  CHECK(std::isfinite(Axis({5, 5}, false, true, 0, 1).at(5)));
  CHECK(std::isfinite(Axis({5, 5}, true, true, 0, 1).at(5)));
}

TEST_CASE("a page needs nothing from elsewhere, and nothing in it is taken for more than text") {
  LoadResult result = good_load();
  result.url = "http://host/<script>alert('\"&')</script>";
  result.slow_rate = 1000;
  result.clients[1].kind = Kind::slow;
  const std::string page = to_page(result, {{"<b>reason</b>"}});
  CHECK(page.starts_with("<!DOCTYPE html>"));
  CHECK_THAT(page,
             !ContainsSubstring("<script") && !ContainsSubstring("<b>reason") && !ContainsSubstring("src="));
  CHECK_THAT(page, ContainsSubstring("&lt;script&gt;") && ContainsSubstring("FAIL"));
  CHECK_THAT(page, !ContainsSubstring("nan") && !ContainsSubstring("inf\""));
}

TEST_CASE("a page of a long run with many clients stays small, one of nothing is one") {
  LoadResult result = good_load(5000);
  for (int i = 0; i < 100'000; ++i) result.moments.push_back(result.moments[0]);
  CHECK(to_page(result, {}).size() < 1'500'000);
  const std::string empty = to_page(LoadResult(), {});
  CHECK_THAT(empty, ContainsSubstring("nothing to plot") && !ContainsSubstring("nan"));
}

TEST_CASE("a page that cannot be written is told before the measuring") {
  CHECK_THROWS_WITH(check_writable("/no/such/folder/page.html"),
                    ContainsSubstring("/no/such/folder/page.html"));
  const auto path =
      std::filesystem::temp_directory_path() / ("page_test_" + std::to_string(::getpid()) + ".html");
  check_writable(path);
  CHECK_FALSE(std::filesystem::exists(path));
  write_page(path, "a page");
  std::ifstream in(path);
  CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == "a page");
  std::filesystem::remove(path);
}
