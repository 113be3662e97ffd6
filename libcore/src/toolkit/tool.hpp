// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shmvideo/mapping_guard.hpp"
#include "toolkit/exit_code.hpp"
#include "toolkit/messages/log.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/options/command_model.hpp"
#include "toolkit/process/notify.hpp"
#include "toolkit/process/signals.hpp"

namespace shmvideo::toolkit {

class Reload;

/// What a running tool gets from run_tool(); lives as long as the tool runs.
struct ToolContext {
  const std::string& name;  ///< "shm-inspect"
  Log& log;
  StopRequest& stop;
  MappingGuard& guard;  ///< for ReaderOptions::guard and WriterOptions::guard
  Reload& reload;
  /// watch() is all that a supervised tool has to call; turn() too, where it has an event loop of its own.
  Notifier& notifier;

  /// What to do with options that were read again because of SIGHUP: `apply` gets all of them, of which
  /// only those declared as reloadable() may differ from what is in force. It is called within wait_for()
  /// and handle_reload(). What it throws is told as a failure to apply them. `Options` is the tool's own.
  template <typename Options>
  void on_reload(std::function<void(const Options&)> apply) const {
    set_reload_handler(
        [apply = std::move(apply)](const void* now) { apply(*static_cast<const Options*>(now)); });
  }
  /// Waits until the tool is to stop or `timeout` is over; tells whether it is to stop. Configuration is
  /// read again meanwhile if that is asked for, and a supervisor told. The thread of run() only.
  bool wait_for(std::chrono::nanoseconds timeout) const;
  /// For event loops, which call handle_reload() when this is readable.
  int reload_fd() const;
  void handle_reload() const;

 private:
  void set_reload_handler(std::function<void(const void*)> handler) const;
};

/// What people are told of a tool beside its options.
struct ToolInfo {
  std::string name{};         ///< "shm-inspect"
  std::string about{};        ///< one line without a final dot
  std::string description{};  ///< paragraphs, an empty line between them
  std::vector<Example> examples{};
  std::vector<Note> exit_status{};  ///< what is special; the common statuses are described already
  std::vector<ManSection> sections{};
  std::vector<Note> files{};
  std::vector<std::string> see_also{};           ///< "shm-capture"
  std::vector<std::string> features{};           ///< what is built in, for --version: "png", "chafa"
  std::string closed_output{"is a quiet stop"};  ///< what a standard output that its reader closes does
};

/// A tool; `options` are of a type that only it knows.
struct Tool {
  ToolInfo info;
  std::function<std::shared_ptr<void>()> make_options;  ///< with their defaults
  std::function<void(Cli&, void* options)> define;
  std::function<ExitCode(const void* options, ToolContext&)> run;
};

/// A tool whose options are an `Options`, whose initial values are the defaults.
template <typename Options>
Tool make_tool(ToolInfo info, void (*define)(Cli&, Options&), ExitCode (*run)(const Options&, ToolContext&)) {
  return Tool{std::move(info), [] { return std::make_shared<Options>(); },
              [define](Cli& cli, void* options) { define(cli, *static_cast<Options*>(options)); },
              [run](const void* options, ToolContext& context) {
                return run(*static_cast<const Options*>(options), context);
              }};
}

/// The whole life of a tool's process: options, configuration, --help and --version, signals, the one line
/// on standard error when it ends badly, and the exit status. For main().
int run_tool(const Tool& tool, int argc, char** argv);

/// What the tool's options and texts amount to; the input of all renderers.
CommandModel model_of(const Tool& tool);

}  // namespace shmvideo::toolkit
