// SPDX-License-Identifier: Apache-2.0
#include "toolkit/tool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <new>

#include "shmvideo/error.hpp"
#include "shmvideo/layout.h"
#include "shmvideo/version.hpp"
#include "toolkit/output.hpp"
#include "toolkit/render.hpp"
#include "toolkit/shared_options.hpp"
#include "toolkit/sigbus_guard.hpp"

namespace shmvideo::toolkit {
namespace {

enum class Generate { nothing, man, bash, zsh, fish, json };

/// What every tool understands.
struct CommonOptions {
  LogOptions log;
  bool help = false;
  bool version = false;
  Generate generate = Generate::nothing;
};

void define_common(Cli& cli, CommonOptions& options) {
  add_log_options(cli, options.log);
  cli.group("Help");
  cli.flag("-h,--help", options.help, "Show this help");
  cli.flag("-V,--version", options.version, "Show the version and what is built in");
  cli.choice("--generate", options.generate,
             {{"man", Generate::man},
              {"bash", Generate::bash},
              {"zsh", Generate::zsh},
              {"fish", Generate::fish},
              {"json", Generate::json}},
             "Print the man page, a shell's completions, or the model behind them")
      .hidden();
}

std::vector<Note> exit_status_notes(const ToolInfo& info) {
  std::vector<Note> notes{{"0", "It did what it was asked to, or was told to stop by a signal."},
                          {"1", "It failed; one line on standard error says why."},
                          {"2", "The command line or an environment variable is wrong."},
                          {"4", "There is no such segment, or no writer within the time allowed."}};
  notes.insert(notes.end(), info.exit_status.begin(), info.exit_status.end());
  return notes;
}

CommandModel make_model(const ToolInfo& info, const Cli& cli) {
  CommandModel model;
  model.name = info.name;
  model.version = version();
  model.about = info.about;
  model.description = info.description;
  for (const DeclaredOption& option : cli.options()) model.options.push_back(option.model);
  model.environment = {
      {"SHM_VIDEO_DIR",
       "The directory of the segments, instead of /dev/shm and the places that stand in for it."},
      {"NO_COLOR", "If it is set and not empty, messages have no colour."}};
  model.files = {{"/dev/shm",
                  "Where segments are. Where that is denied or missing: "
                  "$XDG_RUNTIME_DIR/shm-video, else /tmp/shm-video-UID."}};
  model.files.insert(model.files.end(), info.files.begin(), info.files.end());
  model.exit_status = exit_status_notes(info);
  model.signals = {{"SIGINT, SIGTERM, SIGHUP",
                    "Stop in good order, with status 0. A second one ends the process at once. Where SIGHUP "
                    "is ignored, as "
                    "after nohup(1), it stays so."},
                   {"SIGPIPE", fmt::format("Is ignored; a closed standard output {}.", info.closed_output)}};
  model.sections = info.sections;
  model.examples = info.examples;
  for (const std::string& tool : info.see_also) model.see_also.push_back(tool + "(1)");
  return model;
}

std::string version_text(const ToolInfo& info) {
  std::string text =
      fmt::format("{} {}\nsegment format {}.{}\n", info.name, version(), SHMV_ABI_MAJOR, SHMV_ABI_MINOR);
  std::string features;
  for (const std::string& feature : info.features) features += " " + feature;
  if (!features.empty()) text += "built in:" + features + "\n";
  return text;
}

std::string generated(Generate kind, const CommandModel& model) {
  switch (kind) {
    case Generate::man:
      return render_man(model);
    case Generate::bash:
      return render_bash(model);
    case Generate::zsh:
      return render_zsh(model);
    case Generate::fish:
      return render_fish(model);
    case Generate::json:
      return render_json(model);
    case Generate::nothing:
      break;
  }
  return {};
}

ExitCode run_with_signals(const Tool& tool, Log& log) {
  StopRequest stop;
  ToolContext context{tool.info.name, log, stop, SigbusGuard::instance()};
  return tool.run(context);
}

/// Everything that can end a tool badly becomes one line and a status here.
ExitCode guarded(Log& log, const std::function<ExitCode()>& work) {
  try {
    return work();
  } catch (const OutputClosed&) {
    return ExitCode::done;
  } catch (const UsageError& error) {
    log.last_words(error.what());
    return ExitCode::usage;
  } catch (const Error& error) {
    log.last_words(error.what());
    return error.code() == ErrorCode::not_found ? ExitCode::no_segment : ExitCode::failed;
  } catch (const std::bad_alloc&) {
    log.last_words("out of memory");
  } catch (const std::exception& error) {
    log.last_words(error.what());
  }
  return ExitCode::failed;
}

ExitCode start(const Tool& tool, Cli& cli, CommonOptions& common, int argc, const char* const* argv) {
  cli.read(argc, argv);
  // Asking for help works whatever else is wrong.
  if (cli.is_given("help")) {
    write_output(render_help(make_model(tool.info, cli)));
    return ExitCode::done;
  }
  if (cli.is_given("version")) {
    write_output(version_text(tool.info));
    return ExitCode::done;
  }
  cli.assign([](const char* variable) { return std::getenv(variable); });
  if (common.generate != Generate::nothing) {
    write_output(generated(common.generate, make_model(tool.info, cli)));
    return ExitCode::done;
  }
  Log log(tool.info.name, common.log);
  return guarded(log, [&] { return run_with_signals(tool, log); });
}

/// Where a standard stream is closed, the next file that is opened would stand in its place, and messages
/// or video would go into a segment. What is put there instead fails like a closed stream, with EBADF.
void occupy_standard_streams() noexcept {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    [[maybe_unused]] const int taken = ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

CommandModel model_of(const Tool& tool) {
  Cli cli;
  CommonOptions common;
  tool.define(cli);
  define_common(cli, common);
  return make_model(tool.info, cli);
}

int run_tool(const Tool& tool, int argc, char** argv) {
  occupy_standard_streams();
  Log early_log(tool.info.name);
  const ExitCode status = guarded(early_log, [&] {
    Cli cli;
    CommonOptions common;
    tool.define(cli);
    define_common(cli, common);
    return start(tool, cli, common, argc, argv);
  });
  return static_cast<int>(status);
}

}  // namespace shmvideo::toolkit
