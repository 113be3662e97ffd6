// SPDX-License-Identifier: Apache-2.0
#include "toolkit/render.hpp"

#include <sstream>
#include <string>

#include "support/catch.hpp"
#include "toolkit/render_shell.hpp"
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
  CHECK_THAT(help, ContainsSubstring("Usage: shm-test [OPTION]... [NAME]\n\nTry things out.\n"));
  CHECK_THAT(help, ContainsSubstring("\nArguments:\n  NAME  "));
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
  CHECK_THAT(page, ContainsSubstring(".SH SEE ALSO\n.BR shm\\-inspect (1) ,\n.BR shm\\-capture (1)\n"));
  CHECK(page.find("secret") == std::string::npos);
}

TEST_CASE("completions know what each value may be") {
  const CommandModel model = model_of(tool());
  CHECK_THAT(render_bash(model), ContainsSubstring("    --name)\n      \"$program\" --complete segments 2>"));
  CHECK_THAT(render_bash(model), ContainsSubstring("local -A letters=([n]=--name [d]=--device"));
  CHECK_THAT(render_bash(model), ContainsSubstring(" valued=' --name --device --buffer --label "));
  CHECK_THAT(render_bash(model),
             ContainsSubstring(" files=' --device ' repeatable=' --label ' argument=--name\n"));
  CHECK_THAT(render_zsh(model), ContainsSubstring("#compdef shm-test"));
  CHECK_THAT(render_zsh(model), ContainsSubstring("a \\[path\\] or it'\\''s a file"));
  CHECK_THAT(render_zsh(model), ContainsSubstring("'(-n --name 1)1::NAME: _shm_test_values name NAME'"));
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
