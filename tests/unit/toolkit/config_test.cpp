// SPDX-License-Identifier: Apache-2.0
// From a configuration file to options and back.
#include <map>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "toolkit/config/config_file.hpp"
#include "toolkit/config/config_keys.hpp"
#include "toolkit/config/config_value.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/options/nearest.hpp"
#include "toolkit/options/usage_error.hpp"
#include "toolkit/render/render.hpp"

using namespace shmvideo::toolkit;
using namespace std::chrono_literals;

namespace {

struct Options {
  bool loud = false;
  std::optional<std::uint32_t> count;
  std::chrono::nanoseconds pause = 5s;
  std::optional<Resolution> size;
  Rate rate{30, 1};
  std::string text = "a";
  bool is_on = true;
  std::vector<std::string> list;
  bool once = false;
};

void define(Cli& cli, Options& options) {
  cli.flag("--loud", options.loud, "Make noise");
  cli.number("--count", options.count, 1, 9, "How many").environment("COUNT").config_key("video.count");
  cli.option("--pause", options.pause, "A pause");
  cli.option("--size", options.size, "A size").config_key("vision.camera.size");
  cli.option("--rate", options.rate, "A rate");
  cli.option("--text", options.text, "Some text");
  cli.choice("--power", options.is_on, {{"on", true}, {"off", false}}, "Power").config_switch("on", "off");
  cli.list("--each", options.list, "Several");
  cli.flag("--once", options.once, "This once").not_configurable();
  cli.check([&options] {
    if (options.loud && options.count == 9U) throw UsageError("--loud and --count 9 contradict each other");
  });
}

/// All options' values, in the order of their declaration.
std::vector<std::vector<std::string>> read(const std::string& file, std::vector<const char*> words = {},
                                           const std::map<std::string, std::string>& environment = {}) {
  Options options;
  Cli cli("shm-test");
  define(cli, options);
  words.insert(words.begin(), "shm-test");
  cli.read(static_cast<int>(words.size()), words.data());
  const ConfigFile configuration = ConfigFile::parse(file, "f");
  check_keys(configuration, cli);
  cli.assign(
      [&](const char* variable) {
        const auto found = environment.find(variable);
        return found == environment.end() ? nullptr : found->second.c_str();
      },
      &configuration);
  std::vector<std::vector<std::string>> values;
  for (const DeclaredOption& option : cli.options()) {
    if (option.model.long_name != "once") values.push_back(option.values());
  }
  return values;
}

std::string refusal(const std::string& file) {
  try {
    read(file);
    return "";
  } catch (const UsageError& error) {
    return error.what();
  }
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a file sets options in the types that JSON has for them", "[config]") {
  const auto values = read(R"({"shm-test": {"loud": true, "pause": 0.25, "rate": 25, "text": "b",
      "power": false, "each": ["x", 3, "y"]}, "video": {"count": 7}, "vision.camera.size": [640, 480]})");
  CHECK(values ==
        std::vector<Texts>{{"true"}, {"7"}, {"250ms"}, {"640x480"}, {"25"}, {"b"}, {"off"}, {"x", "3", "y"}});
}

TEST_CASE("options win over the environment, the environment over the file", "[config]") {
  const std::string file = R"({"video": {"count": 7}})";
  CHECK(read("")[1].empty());
  CHECK(read(file)[1] == Texts{"7"});
  CHECK(read(file, {}, {{"COUNT", "8"}})[1] == Texts{"8"});
  CHECK(read(file, {"--count", "9"}, {{"COUNT", "8"}})[1] == Texts{"9"});
  CHECK(read(R"({"shm-test": {"each": ["x"]}})", {"--each", "y"})[7] == Texts{"y"});
}

TEST_CASE("what cannot be a value is refused with place and key", "[config]") {
  CHECK(refusal(R"({"shm-test": {"loud": 3}})") ==
        "f:1: shm-test.loud: 3 cannot be its value; use true or false");
  CHECK(refusal(R"({"video": {"count": "many"}})").starts_with("f:1: video.count: 'many'"));
  CHECK(refusal(R"({"video": {"count": 10}})").starts_with("f:1: video.count: "));
  CHECK(refusal(R"({"video": {"count": 99999999999999999999}})").starts_with("f:1: video.count: "));
  CHECK(refusal(R"({"shm-test": {"pause": -1}})").starts_with("f:1: shm-test.pause: -1 cannot be"));
  CHECK(refusal(R"({"shm-test": {"pause": 1e300}})").starts_with("f:1: shm-test.pause: "));
  CHECK(refusal(R"({"vision": {"camera": {"size": [640]}}})").find("[width, height]") != std::string::npos);
  CHECK(refusal(R"({"shm-test": {"text": {"a": 1}}})").find("unknown key") != std::string::npos);
  CHECK(refusal(R"({"shm-test": {"each": [null]}})").find("use a list") != std::string::npos);
}

TEST_CASE("where options contradict each other, those of the file are told with their places", "[config]") {
  const std::string nine = "{\n\"video\": {\n\"count\": 9}}";
  CHECK_THROWS_WITH(read(nine, {"--loud"}), "--loud and --count 9 contradict each other (f:3: video.count)");
  CHECK_THROWS_WITH(read(R"({"shm-test": {"loud": true}})", {}, {{"COUNT", "9"}}),
                    "--loud and --count 9 contradict each other (f:1: shm-test.loud; COUNT)");
  CHECK_THROWS_WITH(read("{}", {"--loud", "--count", "9"}), "--loud and --count 9 contradict each other");
}

TEST_CASE("unknown keys in our sections are mistakes, others are not ours", "[config]") {
  CHECK(refusal(R"({"audio": {"volume": 1}, "vision": {"model": 2}, "api": {"port": 3}, "frames": 4})")
            .empty());
  CHECK(refusal("{\"video\":\n{\"cuont\": 1}}") ==
        "f:2: unknown key 'video.cuont'; did you mean video.count?");
  CHECK(refusal(R"({"shm-test": {"count": 1}})") ==
        "f:1: unknown key 'shm-test.count'; did you mean video.count?");
  CHECK(refusal(R"({"shm-test": 1})").starts_with("f:1: 'shm-test' is a section"));
  CHECK(refusal(R"({"shm-test": {"once": true}})").find("unknown key") != std::string::npos);
}

TEST_CASE("what is printed is read again to the same", "[config]") {
  Options options;
  Cli cli("shm-test");
  define(cli, options);
  const char* words[] = {"shm-test",     "--count=3",         "--pause=90ms",
                         "--size=64x48", "--rate=30000/1001", "--text=\"q\" \\ // no comment",
                         "--power=off",  "--each=a",          "--each=b"};
  cli.read(static_cast<int>(std::size(words)), words);
  cli.assign([](const char*) -> const char* { return nullptr; });
  std::vector<Texts> before;
  for (const DeclaredOption& option : cli.options()) {
    if (option.model.long_name != "once") before.push_back(option.values());
  }
  CHECK(read(render_config(cli, "// a heading\n")) == before);
}

TEST_CASE("keys that mean nothing here are said to be without effect", "[config]") {
  const auto file = ConfigFile::parse(
      R"({"video": {"process": {"main_loop_sleep": 0.1}, "use_shared_memory": false}})", "f");
  CHECK(remarks_on_keys(file, "shm-capture").size() == 1);
  CHECK(remarks_on_keys(file, "shm-mjpeg").empty());
}

TEST_CASE("a word is taken for the nearest one, and for none that is far", "[config]") {
  const std::vector<std::string> words{"count", "pause", "resolution"};
  CHECK(nearest("cuont", words) == "count");
  CHECK(nearest("res", words) == "resolution");
  CHECK(nearest("resolutoin", words) == "resolution");
  CHECK_FALSE(nearest("brightness", words));
  CHECK_FALSE(nearest("", words));
  CHECK(did_you_mean("paus", words, "--") == "; did you mean --pause?");
  CHECK(did_you_mean("xyzzy", words, "", "; see --help") == "; see --help");
}
