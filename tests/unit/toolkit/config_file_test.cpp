// SPDX-License-Identifier: Apache-2.0
#include "toolkit/config/config_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <thread>

#include "segment/unique_fd.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"
#include "toolkit/options/usage_error.hpp"

using namespace shmvideo::toolkit;

namespace {

std::string refusal(std::string_view text) {
  try {
    ConfigFile::parse(text, "f");
    return "";
  } catch (const UsageError& error) {
    return error.what();
  }
}

std::string keys_of(std::string_view text) {
  std::string keys;
  const ConfigFile file = ConfigFile::parse(text, "f");
  for (const ConfigEntry& entry : file.entries()) keys += entry.key + ":" + std::to_string(entry.line) + " ";
  return keys;
}

}  // namespace

TEST_CASE("a configuration is a list of keys with the lines where they stand", "[config]") {
  CHECK(keys_of("{\"a\": {\"b\": 1,\n\"c\": {\"d\":\n[2]}},\n\"e\": null}") == "a.b:1 a.c.d:2 e:4 ");
  CHECK(keys_of("{\"a.b\": 1, \"a\": {\"c\": 2}}") == "a.b:1 a.c:1 ");
  CHECK(keys_of("{\"a\": {}, \"b\": [], \"c\": [[1], {\"d\": {\"e\": []}}]}") == "b:1 c:1 ");
  CHECK(keys_of("// one\n/* two\n three */ {\"a\": \"// no comment\"} // four") == "a:3 ");
}

TEST_CASE("what has nothing in it configures nothing", "[config]") {
  for (const char* text : {"", " \n\t", "{}", "// nothing\n{}"}) CHECK(keys_of(text).empty());
}

TEST_CASE("values are what the file says", "[config]") {
  const ConfigFile file =
      ConfigFile::parse("{\"a\": {\"b\": [1, {\"c\": \"d\"}], \"e\": -2.5}, \"f\": null}", "f");
  REQUIRE(file.find("a.b"));
  CHECK(file.find("a.b")->value == Json::parse("[1, {\"c\": \"d\"}]"));
  CHECK(file.find("a.e")->value == -2.5);
  CHECK(file.find("a") == nullptr);
  CHECK(file.find("f") == nullptr);
  CHECK(file.place_of(*file.find("a.e")) == "f:1");
}

TEST_CASE("a mistake is told with its line", "[config]") {
  CHECK(refusal("{\"a\": 1,\n\"a\": 2}") == "f:2: 'a' stands in line 1 already");
  CHECK(refusal("{\"a\": {\"b\": 1},\n\n\"a.b\": 2}") == "f:3: 'a.b' stands in line 1 already");
  CHECK(refusal("[]").starts_with("f:1: the file is no object"));
  CHECK(refusal("\n3").starts_with("f:2: the file is no object"));
  CHECK(refusal("{\"a\": 1\n\"b\": 2}").starts_with("f:2: "));
  CHECK(refusal("{\n\"a\": 1").starts_with("f:2: "));
  CHECK(refusal("{\"a\" 1\n}").starts_with("f:1: "));
  CHECK(refusal("{\"a\": \"b\nc\"}").starts_with("f:1: "));
  CHECK(refusal("{} {}").starts_with("f:1: "));
  CHECK(refusal("{} /* no end").starts_with("f:1: "));
  CHECK(refusal("{\"a\": \"\xff\"}").starts_with("f:1: "));
  CHECK(refusal("{\"a\": 1e999}") == "f:1: '1e999' is too large a number");
}

TEST_CASE("sections in sections have an end", "[config]") {
  std::string sections, arrays;
  for (int depth = 0; depth < 10'000; ++depth) {
    sections += "{\"a\": ";
    arrays += "[";
  }
  CHECK(refusal(sections).find("sections in each other") != std::string::npos);
  CHECK(refusal("{\"a\": " + arrays).find("sections in each other") != std::string::npos);
}

TEST_CASE("files that cannot be read are refused, and large ones", "[config]") {
  shmvideo_test::TempPlace place;
  const auto path = place.path() / "config.json";
  CHECK_THROWS_AS(ConfigFile::read(path), UsageError);
  CHECK_THROWS_AS(ConfigFile::read(place.path()), UsageError);
  std::ofstream(path) << "{\"a\": 1}";
  CHECK(ConfigFile::read(path).entries().size() == 1);
  std::ofstream(path) << std::string((1 << 20) + 1, ' ');
  CHECK_THROWS_AS(ConfigFile::read(path), UsageError);
}

TEST_CASE("what is in comments configures nothing, also where all of it is", "[config]") {
  for (const char* text : {"// {\"a\": 1}", "// a\n\n  // b\n", "/* {\"a\": 1} */ // b", "/**/\n"}) {
    INFO(text);
    CHECK(keys_of(text).empty());
  }
  for (const char* text : {"/* no end", "/*/", "/", "// a\n}"}) {
    INFO(text);
    CHECK(refusal(text).starts_with("f:"));
  }
}

TEST_CASE("a pipe is read to its end, and not waited for where nobody writes to it", "[config]") {
  shmvideo_test::TempPlace place;
  const auto path = place.path() / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK_THROWS_WITH(ConfigFile::read(path), path.string() + ": nobody writes to this pipe");
  shmvideo::UniqueFd end(::open(path.c_str(), O_RDWR | O_CLOEXEC));  // somebody could, but is silent
  REQUIRE(end);
  CHECK_THROWS_WITH(ConfigFile::read(path), ContainsSubstring("imed out"));
  std::thread writer([&end] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    constexpr std::string_view kText = "{\"a\": 1}";
    [[maybe_unused]] const ssize_t written = ::write(end.get(), kText.data(), kText.size());
    end.reset();
  });
  const ConfigFile file = ConfigFile::read(path);
  writer.join();
  CHECK(file.find("a") != nullptr);
}

TEST_CASE("a configuration is looked for at home, and not where a program happens to run", "[config]") {
  shmvideo_test::TempPlace place;
  namespace fs = std::filesystem;
  const auto make = [&](const char* folder) {
    const fs::path path = place.path() / folder / "shm-video/config.json";
    fs::create_directories(path.parent_path());
    std::ofstream{path} << "{}";
    return path;
  };
  std::map<std::string, std::string> environment{{"HOME", place.path().string()}};
  const auto get = [&environment](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? nullptr : found->second.c_str();
  };
  const auto at_home = make(".config");
  CHECK(usual_config_file(get) == at_home);
  environment["XDG_CONFIG_HOME"] = "relative";
  CHECK(usual_config_file(get) == at_home);
  environment["XDG_CONFIG_HOME"] = (place.path() / "xdg").string();
  CHECK(usual_config_file(get) != at_home);
  CHECK(usual_config_file(get) == make("xdg"));
  fs::remove_all(place.path() / "xdg");
  fs::remove_all(place.path() / ".config");
}
