// SPDX-License-Identifier: Apache-2.0
#include "toolkit/options/cli.hpp"

#include <map>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "toolkit/shared_options.hpp"

using namespace shmvideo::toolkit;
using namespace std::chrono_literals;
using shmvideo::SegmentName;

namespace {

enum class Colour { red, green };

struct Options {
  std::optional<SegmentName> name;
  bool loud = false;
  std::chrono::nanoseconds timeout = 5s;
  int quality = 85;
  Colour colour = Colour::green;
  RunLimits limits;
  std::string device = "0";
  std::vector<std::chrono::nanoseconds> pauses;
};

void define(Cli& cli, Options& options) {
  add_read_segment(cli, options.name);
  cli.flag("-l,--loud", options.loud, "Make noise").environment("LOUD");
  add_timeout(cli, options.timeout);
  cli.number("-q,--quality", options.quality, 1, 100, "Quality of the picture");
  cli.choice("--colour", options.colour, {{"red", Colour::red}, {"green", Colour::green}}, "Colour of it");
  add_run_limits(cli, options.limits, "frames");
  cli.option("-d,--device", options.device, "Camera").environment("VIDEO_FILE");
  cli.list("--pause", options.pauses, "A pause to make");
  cli.check([&options] {
    if (options.loud && options.quality < 10) throw UsageError("--loud needs a quality of 10 or more");
  });
}

using Environment = std::map<std::string, std::string>;

Options parse(std::vector<const char*> words, const Environment& environment = {}) {
  Options options;
  Cli cli("shm-test");
  define(cli, options);
  words.insert(words.begin(), "shm-test");
  cli.read(static_cast<int>(words.size()), words.data());
  cli.assign([&](const char* variable) {
    const auto found = environment.find(variable);
    return found == environment.end() ? nullptr : found->second.c_str();
  });
  return options;
}

std::string refusal(const std::vector<const char*>& words, const Environment& environment = {}) {
  try {
    parse(words, environment);
  } catch (const UsageError& error) {
    return error.what();
  }
  FAIL("taken");
  return {};
}

}  // namespace

TEST_CASE("without a word on the command line the struct keeps its values") {
  const Options options = parse({});
  CHECK_FALSE(options.name);
  CHECK_FALSE(options.loud);
  CHECK(options.timeout == 5s);
  CHECK(options.quality == 85);
  CHECK_FALSE(options.limits.count);
}

TEST_CASE("an argument that is a list takes the words that are left, between options too") {
  const auto names = [](std::vector<const char*> words) {
    std::optional<SegmentName> name;
    std::vector<SegmentName> more;
    int number = 0;
    Cli cli("shm-test");
    add_read_segment(cli, name);
    cli.list("MORE,--more", more, "Further segments");
    cli.number("-q,--quality", number, 1, 100, "Quality");
    words.insert(words.begin(), "shm-test");
    cli.read(static_cast<int>(words.size()), words.data());
    cli.assign([](const char*) -> const char* { return nullptr; });
    std::string text = name ? name->str() : "-";
    for (const SegmentName& each : more) text += " " + each.str();
    return text;
  };
  CHECK(names({"a"}) == "a");
  CHECK(names({"a", "b", "-q", "7", "c"}) == "a b c");
  CHECK(names({"--name", "a", "b"}) == "a b");
  CHECK(names({"--more", "b", "a"}) == "a b");
  CHECK(names({"a", "--more=b", "--more", "c"}) == "a b c");
  CHECK(names({"a", "--", "b"}) == "a b");
  CHECK_THROWS_WITH(names({"a", "b", "no/good"}), ContainsSubstring("MORE: "));
}

TEST_CASE("options set their variables, in every way of writing them") {
  const Options options = parse({"-l", "--timeout=250ms", "-q5", "--loud", "--colour", "RED", "-c", "3",
                                 "billiards", "-t", "10m", "-q", "50"});
  CHECK(options.name == SegmentName("billiards"));
  CHECK(options.loud);
  CHECK(options.timeout == 250ms);
  CHECK(options.quality == 50);
  CHECK(options.colour == Colour::red);
  CHECK(options.limits.count == 3u);
  CHECK(options.limits.duration == 10min);
}

TEST_CASE("the segment to read may be an argument or an option, but not both") {
  CHECK(parse({"--name", "a"}).name == SegmentName("a"));
  CHECK(parse({"-n", "a"}).name == SegmentName("a"));
  CHECK_THAT(refusal({"a", "--name", "b"}), ContainsSubstring("given twice"));
  CHECK_THAT(refusal({"../a"}), ContainsSubstring("NAME: "));
}

TEST_CASE("the environment fills in what the command line leaves open") {
  CHECK(parse({}, {{"SHM_VIDEO_NAME", "a"}}).name == SegmentName("a"));
  CHECK(parse({"b"}, {{"SHM_VIDEO_NAME", "a"}}).name == SegmentName("b"));
  CHECK(parse({}, {{"VIDEO_FILE", "x.mp4"}}).device == "x.mp4");
  CHECK(parse({}, {{"VIDEO_FILE", ""}}).device == "0");
  CHECK(parse({}, {{"LOUD", "yes"}}).loud);
  CHECK_FALSE(parse({}, {{"LOUD", "0"}}).loud);
}

TEST_CASE("a bad value in the environment is refused by the variable's name") {
  CHECK_THAT(refusal({}, {{"SHM_VIDEO_NAME", "a/b"}}),
             ContainsSubstring("environment variable SHM_VIDEO_NAME: "));
  CHECK_THAT(refusal({}, {{"LOUD", "perhaps"}}), ContainsSubstring("environment variable LOUD: "));
  // What the command line says is not even looked up.
  CHECK_NOTHROW(parse({"b"}, {{"SHM_VIDEO_NAME", "a/b"}}));
}

TEST_CASE("an unknown option is refused, and the nearest one suggested") {
  CHECK(refusal({"--timeuot", "1"}) == "unknown option '--timeuot'; did you mean --timeout?");
  CHECK(refusal({"--qual=3"}) == "unknown option '--qual'; did you mean --quality?");
  CHECK(refusal({"--elephant"}) == "unknown option '--elephant'; see --help");
  CHECK(refusal({"-x"}) == "unknown option '-x'; see --help");
  CHECK(refusal({"a", "b"}) == "unexpected argument 'b'; see --help");
}

TEST_CASE("a refused value names its option and the forms that exist") {
  CHECK(refusal({"--timeout", "soon"}) ==
        "--timeout: 'soon' is not a duration; use 90, 90s, 10m, 1h or 250ms");
  CHECK(refusal({"-q", "101"}) ==
        "--quality: '101' is not a number in range; use a whole number from 1 to 100");
  CHECK(refusal({"--colour", "blue"}) == "--colour: 'blue' is not one of its values; use red or green");
  CHECK(refusal({"-q"}) == "--quality needs a value");
  CHECK_THAT(refusal({"--loud=maybe"}), ContainsSubstring("--loud: 'maybe' is not yes or no"));
  CHECK_THAT(refusal({"-c", "0"}), ContainsSubstring("from 1 on"));
  CHECK_THAT(refusal({"-t", "0"}), ContainsSubstring("--duration: use a time above 0"));
}

TEST_CASE("conditions between options are checked when all of them are in") {
  CHECK(refusal({"-l", "-q", "5"}) == "--loud needs a quality of 10 or more");
}

TEST_CASE("what follows two dashes is an argument") { CHECK(parse({"--", "a"}).name == SegmentName("a")); }

TEST_CASE("an option that may be given several times keeps every value, in order") {
  CHECK(parse({}).pauses.empty());
  const Options options = parse({"--pause", "2s", "-l", "--pause=1s", "--pause", "2s"});
  CHECK(options.pauses == std::vector<std::chrono::nanoseconds>{2s, 1s, 2s});
  CHECK_THAT(refusal({"--pause", "1s", "--pause", "soon"}), ContainsSubstring("--pause: 'soon'"));
}
