// SPDX-License-Identifier: Apache-2.0
#include "toolkit/process/invocation.hpp"

#include <cstdlib>

#include "toolkit/config/config_keys.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::toolkit {
namespace {

const char* from_environment(const char* variable) { return std::getenv(variable); }

void define_common(Cli& cli, CommonOptions& options) {
  cli.group("Configuration");
  cli.option("--config", options.config, "File to read options from")
      .environment("SHM_VIDEO_CONFIG")
      .if_unset("the usual places, see shm-video-config(5)")
      .completion(Completion::file)
      .not_configurable();
  cli.flag("--print-config", options.print_config, "Show what is in force, and from where, and end")
      .not_configurable();
  add_log_options(cli, options.log);
  cli.group("Help");
  cli.flag("-h,--help", options.help, "Show this help").not_configurable();
  cli.flag("-V,--version", options.version, "Show the version and what is built in").not_configurable();
  cli.choice("--generate", options.generate,
             {{"man", Generate::man},
              {"bash", Generate::bash},
              {"zsh", Generate::zsh},
              {"fish", Generate::fish},
              {"json", Generate::json}},
             "Print the man page, a shell's completions, or the model behind them")
      .hidden();
  cli.option("--complete", options.complete, "Print what shells offer at TAB, with what it is")
      .metavar("KIND")
      .suggest({{"segments", ""}, {"devices", ""}})
      .hidden()
      .not_configurable();
}

}  // namespace

Invocation::Invocation(const Tool& tool) : options_(tool.make_options()), cli_(tool.info.name) {
  tool.define(cli_, options_.get());
  define_common(cli_, common_);
}

void Invocation::assign() {
  if (const auto named = cli_.early_value("config", from_environment)) {
    file_ = ConfigFile::read(*named);
  } else if (const auto usual = usual_config_file(from_environment)) {
    file_ = ConfigFile::read(*usual);
  }
  if (file_) check_keys(*file_, cli_);
  cli_.assign(from_environment, file());
}

}  // namespace shmvideo::toolkit
