// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shmvideo/mapping_guard.hpp"
#include "toolkit/cli.hpp"
#include "toolkit/command_model.hpp"
#include "toolkit/exit_code.hpp"
#include "toolkit/log.hpp"
#include "toolkit/signals.hpp"

namespace shmvideo::toolkit {

/// What a running tool gets from run_tool(); lives as long as the tool runs.
struct ToolContext {
  const std::string& name;  ///< "shm-inspect"
  Log& log;
  StopRequest& stop;
  MappingGuard& guard;  ///< for ReaderOptions::guard and WriterOptions::guard
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

struct Tool {
  ToolInfo info;
  std::function<void(Cli&)> define;
  std::function<ExitCode(ToolContext&)> run;
};

/// A tool whose options are an `Options`, whose initial values are the defaults.
template <typename Options>
Tool make_tool(ToolInfo info, void (*define)(Cli&, Options&), ExitCode (*run)(const Options&, ToolContext&)) {
  auto options = std::make_shared<Options>();
  return Tool{std::move(info), [options, define](Cli& cli) { define(cli, *options); },
              [options, run](ToolContext& context) { return run(*options, context); }};
}

/// The whole life of a tool's process: options, --help and --version, signals, the one line on
/// standard error when it ends badly, and the exit status. For main().
int run_tool(const Tool& tool, int argc, char** argv);

/// What the tool's options and texts amount to; the input of all renderers.
CommandModel model_of(const Tool& tool);

}  // namespace shmvideo::toolkit
