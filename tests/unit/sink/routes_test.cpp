// SPDX-License-Identifier: Apache-2.0
// docs/http.md against the paths that are served.
#include "sink/mjpeg/routes.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <string>

#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

/// What stands first in the rows of the table below this heading, in code quotes.
std::set<std::string> paths_in_table(const std::string& heading) {
  std::ifstream page(SHMVIDEO_SOURCE_DIR "/docs/http.md");
  REQUIRE(page);
  std::set<std::string> paths;
  std::string line;
  bool is_below = false;
  const std::regex row(R"(\| `([^`]+)` \|.*)");
  while (std::getline(page, line)) {
    if (line.starts_with("## ")) is_below = line == "## " + heading;
    std::smatch found;
    if (is_below && std::regex_match(line, found, row)) paths.insert(found[1]);
  }
  return paths;
}

std::set<std::string> served(Router::Kind kind) {
  std::set<std::string> paths;
  for (const ServedPath& each : served_paths())
    if (each.kind == kind) paths.insert(std::string(each.path));
  return paths;
}

}  // namespace

TEST_CASE("the reference has every path, and no other", "[sink][http]") {
  CHECK(paths_in_table("Paths") == served(Router::Kind::told));
}

TEST_CASE("the reference has every other name of a path", "[sink][http]") {
  std::set<std::string> aliases = served(Router::Kind::alias);
  // They are parameters of "/" rather than paths.
  aliases.insert({"/?action=stream", "/?action=snapshot"});
  CHECK(paths_in_table("Other names") == aliases);
}

TEST_CASE("no path is there twice", "[sink][http]") {
  CHECK(served(Router::Kind::told).size() + served(Router::Kind::alias).size() == served_paths().size());
}
