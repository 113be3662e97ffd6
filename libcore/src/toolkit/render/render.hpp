// SPDX-License-Identifier: Apache-2.0
// What people and shells are told of a tool: pure functions of its model.
#pragma once

#include <string>

#include "toolkit/options/command_model.hpp"

namespace shmvideo::toolkit {

class Cli;

std::string render_help(const CommandModel& model);  ///< --help: at most 80 columns
std::string render_man(const CommandModel& model);   ///< roff, section 1
std::string render_bash(const CommandModel& model);
std::string render_zsh(const CommandModel& model);
std::string render_fish(const CommandModel& model);
std::string render_json(const CommandModel& model);  ///< for the tests that compare tools

/// What is in force, and from where, as a configuration file that would say the same. `heading` is lines
/// of comment.
std::string render_config(const Cli& cli, const std::string& heading);

}  // namespace shmvideo::toolkit
