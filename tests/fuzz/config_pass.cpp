// SPDX-License-Identifier: Apache-2.0
#include "config_pass.hpp"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <vector>

#include "toolkit/config/config_file.hpp"
#include "toolkit/config/config_keys.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/render/render.hpp"

namespace shmvideo_test {
namespace {

using namespace shmvideo::toolkit;

struct Options {
  bool flag = false;
  std::optional<std::uint32_t> number;
  double real = 0;
  std::chrono::nanoseconds duration{};
  std::optional<Resolution> size;
  std::optional<Rate> rate;
  ByteSize bytes;
  FileMode mode{0640};
  std::optional<shmvideo::SegmentName> name;
  std::string text;
  bool is_on = true;
  std::vector<std::string> texts;
  std::vector<std::chrono::nanoseconds> durations;
};

void define(Cli& cli, Options& options) {
  cli.flag("--flag", options.flag, "f");
  cli.number("--number", options.number, 1, 1'000'000, "n");
  cli.number("--real", options.real, -1e6, 1e6, "r");
  cli.option("--duration", options.duration, "d");
  cli.option("--size", options.size, "s").config_key("vision.camera.size");
  cli.option("--rate", options.rate, "r").config_key("vision.camera.rate");
  cli.option("--bytes", options.bytes, "b");
  cli.option("--mode", options.mode, "m");
  cli.option("--name", options.name, "n").config_key("video.name");
  cli.option("--text", options.text, "t");
  cli.choice("--power", options.is_on, {{"on", true}, {"off", false}}, "p").config_switch("on", "off");
  cli.list("--texts", options.texts, "t");
  cli.list("--durations", options.durations, "d");
}

[[noreturn]] void fail(const char* what, const std::string& text) {
  std::fprintf(stderr, "%s: %s\n", what, text.c_str());
  std::abort();
}

std::vector<std::vector<std::string>> values_of(const Cli& cli) {
  std::vector<std::vector<std::string>> values;
  for (const DeclaredOption& option : cli.options()) values.push_back(option.values());
  return values;
}

/// Throws UsageError.
std::vector<std::vector<std::string>> assigned(std::string_view text, Options& options, Cli& cli) {
  define(cli, options);
  const char* words[] = {"shm-fuzz"};
  cli.read(1, words);
  const ConfigFile file = ConfigFile::parse(text, "file");
  check_keys(file, cli);
  cli.assign([](const char*) -> const char* { return nullptr; }, &file);
  return values_of(cli);
}

}  // namespace

std::string sample_config() {
  return R"(/* a comment */ {"shm-fuzz": {"flag": true, "number": 7, "real": -2.5e3, "duration": 0.25,
  "bytes": "12M", "mode": "0600", "text": "a \"b\" \\ \u00e4 // no comment", "power": false,
  "texts": ["a", 1], "durations": [1, "20ms"]}, // another
  "vision": {"camera": {"size": [640, 480], "rate": "30000/1001"}}, "video": {"name": "cam"},
  "other": [[{"a": null}]]})";
}

std::size_t config_pass(std::string_view text) {
  Options options;
  Cli cli("shm-fuzz");
  std::vector<std::vector<std::string>> values;
  try {
    values = assigned(text, options, cli);
  } catch (const UsageError& error) {
    const std::string sentence = error.what();
    if (!sentence.starts_with("file:")) fail("a refusal without its place", sentence);
    if (sentence.find('\n') != std::string::npos) fail("a refusal in several lines", sentence);
    return 0;
  }
  // What was understood is printed so that it is understood again.
  Options again;
  Cli second("shm-fuzz");
  const std::string printed = render_config(cli, "// printed\n");
  try {
    if (assigned(printed, again, second) != values) fail("read again to other values", printed);
  } catch (const UsageError& error) {
    fail(error.what(), printed);
  }
  std::size_t set = 0;
  for (const DeclaredOption& option : cli.options()) set += option.origin == Origin::file;
  return set;
}

}  // namespace shmvideo_test
