// SPDX-License-Identifier: Apache-2.0
#include "toolkit/render/render.hpp"

#include <limits>
#include <sstream>
#include <string>

#include "support/catch.hpp"
#include "toolkit/render/render_shell.hpp"
#include "toolkit/shared_options.hpp"
#include "toolkit/text.hpp"
#include "toolkit/tool.hpp"

using namespace shmvideo::toolkit;

namespace {

struct Options {
  std::optional<shmvideo::SegmentName> name;
  std::string device = "0";
  ByteSize buffer{512 << 10};
  bool fast = false;
  std::vector<std::string> labels;
  std::vector<shmvideo::SegmentName> more;
};

Tool tool() {
  return make_tool<Options>(
      {.name = "shm-test",
       .about = "Try things out",
       .description = "First. Second.\n\n.Dots 'quoted' at a-b.",
       .examples = {{"shm-test --fast a", "Do it fast"}},
       .see_also = {"shm-inspect", "shm-capture"}},
      +[](Cli& cli, Options& options) {
        add_read_segment(cli, options.name);
        cli.list("MORE,--more", options.more, "Further ones");
        cli.option("-d,--device", options.device, "Camera: a number, a [path] or it's a file")
            .completion(Completion::device)
            .suggest({{"pattern", "no camera"}});
        cli.option("--buffer", options.buffer, "Space for what comes in");
        cli.list("--label", options.labels, "A word to write on it");
        cli.group("Speed");
        cli.flag("--fast", options.fast, std::string("Do it ") + std::string(200, 'x') + " words");
        cli.flag("--secret", options.fast, "Not for people").hidden();
      },
      +[](const Options&, ToolContext&) { return ExitCode::done; });
}

}  // namespace

TEST_CASE("text is wrapped at blanks") {
  CHECK(wrap("a bb ccc", 4) == std::vector<std::string>{"a bb", "ccc"});
  CHECK(wrap("dddddd a", 4) == std::vector<std::string>{"dddddd", "a"});
  CHECK(wrap("", 4).empty());
}

TEST_CASE("help shows each option once, with its default and its variable, but none that is hidden") {
  const std::string help = render_help(model_of(tool()));
  CHECK_THAT(help, ContainsSubstring("Usage: shm-test [OPTION]... [NAME] [MORE]...\n\nTry things out.\n"));
  CHECK_THAT(help, ContainsSubstring("\nArguments:\n  NAME  "));
  CHECK_THAT(help, ContainsSubstring("  MORE                      Further ones (or --more) (may be given"));
  CHECK_THAT(help, ContainsSubstring("\n      --buffer SIZE         Space for what comes in [512K]\n"));
  CHECK_THAT(help, ContainsSubstring("[$SHM_VIDEO_NAME]"));
  CHECK_THAT(help, ContainsSubstring("\nSpeed:\n      --fast "));
  CHECK_THAT(help, ContainsSubstring("  shm-test --fast a\n      Do it fast\n"));
  CHECK(help.find("secret") == std::string::npos);
  CHECK(help.find("--device") == help.rfind("--device"));
}

TEST_CASE("help without overlong words keeps to 80 columns") {
  std::istringstream lines(render_help(model_of(tool())));
  for (std::string line; std::getline(lines, line);) {
    if (line.find("xxxx") == std::string::npos) CHECK(line.size() <= 80);
  }
}

TEST_CASE("man pages escape what roff would take for its own") {
  const std::string page = render_man(model_of(tool()));
  CHECK_THAT(page, ContainsSubstring(".TH SHM\\-TEST 1"));
  CHECK_THAT(page, ContainsSubstring("First.\nSecond.\n.PP\n\\&.Dots 'quoted' at a\\-b.\n"));
  CHECK_THAT(page, ContainsSubstring("\\fB\\-d\\fR \\fITEXT\\fR, \\fB\\-\\-device\\fR \\fITEXT\\fR"));
  CHECK_THAT(page, ContainsSubstring(".SH SEE ALSO\n.BR shm\\-inspect (1) ,\n.BR shm\\-capture (1) ,\n"
                                     ".BR shm\\-video\\-config (5) ,\n.BR shm\\-video (7)\n"));
  CHECK(page.find("secret") == std::string::npos);
}

TEST_CASE("completions know what each value may be") {
  const CommandModel model = model_of(tool());
  CHECK_THAT(render_bash(model), ContainsSubstring("    --name)\n      \"$program\" --complete segments 2>"));
  CHECK_THAT(render_bash(model), ContainsSubstring("local -A letters=([n]=--name [d]=--device"));
  CHECK_THAT(render_bash(model), ContainsSubstring(" valued=' --name --more --device --buffer --label "));
  CHECK_THAT(render_bash(model), ContainsSubstring(" files=' --device --config --log-file ' repeatable=' "
                                                   "--more --label ' argument=--name rest=--more\n"));
  CHECK_THAT(render_zsh(model), ContainsSubstring("#compdef shm-test"));
  CHECK_THAT(render_zsh(model), ContainsSubstring("a \\[path\\] or it'\\''s a file"));
  CHECK_THAT(render_zsh(model), ContainsSubstring("'(-n --name 1)1:NAME: _shm_test_values name NAME'"));
  CHECK_THAT(render_zsh(model), ContainsSubstring("'*:MORE: _shm_test_values more NAME'"));
  CHECK_THAT(render_fish(model), ContainsSubstring("-n 'not __shm_test_can --name' -x"));
  CHECK_THAT(
      render_fish(model),
      ContainsSubstring(" -s d -l device -rF -ka 'pattern\\\\t\\'no camera\\' (__shm_test_ask devices)' "));
  for (const auto& text : {render_bash(model), render_zsh(model), render_fish(model)}) {
    CHECK(text.find("secret") == std::string::npos);
  }
}

TEST_CASE("beside an option stands what fits there") {
  CHECK(brief("Camera (a number (or so)), file") == "Camera, file");
  CHECK(brief("Picture size; others are scaled") == "Picture size");
  CHECK(brief("Give up (now; or later) soon") == "Give up soon");
}

TEST_CASE("an option that may be given several times says so, and is offered again") {
  const CommandModel model = model_of(tool());
  CHECK_THAT(render_help(model), ContainsSubstring("A word to write on it (may be given several times)\n"));
  CHECK_THAT(render_man(model),
             ContainsSubstring("A word to write on it.\nIt may be given several times.\n"));
  CHECK_THAT(render_zsh(model), ContainsSubstring("'*'--label='[A word to write on it]:TEXT: '"));
  CHECK_THAT(render_json(model), ContainsSubstring("\"repeatable\": true"));
}

namespace {

struct Facts {
  int quality = 85;
  std::optional<Rate> rate;
  std::string on_loss = "again";
  std::string word = "a";
};

Tool tool_with_facts() {
  return make_tool<Facts>(
      {.name = "shm-test", .about = "Try things out"},
      +[](Cli& cli, Facts& facts) {
        add_quality(cli, facts.quality).details("Of all. And of more.").reloadable();
        add_rate(cli, facts.rate).if_unset("the source's own").config_key("vision.camera.fps");
        cli.choice("--on-loss", facts.on_loss, {{"again", "again", "try again"}, {"exit", "exit", "give up"}},
                   "What then")
            .config_key("vision.camera.auto_reconnect")
            .config_switch("again", "exit");
        cli.choice("--word", facts.word, {{"a", "a"}, {"b", "b"}}, "One of two").not_configurable();
      },
      +[](const Facts&, ToolContext&) { return ExitCode::done; });
}

}  // namespace

TEST_CASE("help says what a value may be, and what happens without it") {
  const std::string help = render_help(model_of(tool_with_facts()));
  CHECK_THAT(help, ContainsSubstring("JPEG quality: 1 to 100 [85]\n"));
  CHECK_THAT(help, ContainsSubstring("Frames per second (without it: the source's own)\n"));
  CHECK_THAT(help, ContainsSubstring("What then: again, exit [again]\n"));
  CHECK(help.find("Of all") == std::string::npos);
}

TEST_CASE("man pages say that, too, and details, keys, and what SIGHUP changes") {
  const std::string page = render_man(model_of(tool_with_facts()));
  CHECK_THAT(page, ContainsSubstring("JPEG quality.\nOf all.\nAnd of more.\nIt may be 1 to 100.\n"
                                     "The default is \\fB85\\fR.\nThe configuration key is\n"
                                     "\\fBshm\\-test.quality\\fR, applied on SIGHUP.\n"));
  CHECK_THAT(page, ContainsSubstring("Without it: the source's own.\nThe configuration key is\n"
                                     "\\fBvision.camera.fps\\fR.\n"));
  CHECK_THAT(page, ContainsSubstring("\\fBvision.camera.auto_reconnect\\fR (true: again, false: exit).\n"
                                     ".RS\n.TP\n\\fBagain\\fR\ntry again\n"));
  CHECK_THAT(page, ContainsSubstring("One of two.\nIt may be a, b.\nThe default is \\fBa\\fR.\n.SS"));
}

TEST_CASE("the model as JSON says how a configuration file would write the default") {
  const std::string json = render_json(model_of(tool_with_facts()));
  CHECK_THAT(json, ContainsSubstring("\"config_form\": \"a number\",\n      \"config_default\": 85,"));
  CHECK_THAT(json, ContainsSubstring("\"config_form\": \"true or false\",\n      \"config_default\": true,"));
  CHECK_THAT(json, ContainsSubstring("\"config_default\": null,"));
}

TEST_CASE("limits of numbers have all their digits") {
  Cli cli("shm-test");
  std::uint64_t number = 0;
  double real = 0.5;
  cli.number("--large", number, 0, 1'000'000'000, "A number");
  cli.number("--endless", number, 1, std::numeric_limits<std::int64_t>::max(), "A number");
  cli.number("--real", real, 0.25, 1, "A number");
  CHECK(cli.options()[0].model.range == "0 to 1000000000");
  CHECK(cli.options()[1].model.range == "1 or more");
  CHECK(cli.options()[2].model.range == "0.25 to 1");
}
