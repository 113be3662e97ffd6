// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "toolkit/config/config_file.hpp"
#include "toolkit/messages/log.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::toolkit {

enum class Generate { nothing, man, bash, zsh, fish, json };

/// What every tool understands beside its own options.
struct CommonOptions {
  LogOptions log;
  std::optional<std::filesystem::path> config;
  bool print_config = false;
  bool help = false;
  bool version = false;
  Generate generate = Generate::nothing;
  std::string complete;
};

/// One reading of a command line, the environment and a configuration file. A tool that reads its
/// configuration again makes another one. Borrows the tool.
class Invocation {
 public:
  explicit Invocation(const Tool& tool);
  Invocation(const Invocation&) = delete;
  Invocation& operator=(const Invocation&) = delete;

  /// The command line alone, so that help can be asked for whatever else is wrong. Throws UsageError.
  void read(int argc, const char* const* argv) { cli_.read(argc, argv); }
  /// Everything else, and gives all options their values. Throws UsageError.
  void assign();

  Cli& cli() { return cli_; }
  const Cli& cli() const { return cli_; }
  const CommonOptions& common() const { return common_; }
  const void* options() const { return options_.get(); }
  /// Null where there is none.
  const ConfigFile* file() const { return file_ ? &*file_ : nullptr; }

 private:
  std::shared_ptr<void> options_;
  CommonOptions common_;
  Cli cli_;
  std::optional<ConfigFile> file_;
};

}  // namespace shmvideo::toolkit
