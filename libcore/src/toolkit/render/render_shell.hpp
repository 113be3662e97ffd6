// SPDX-License-Identifier: Apache-2.0
// What the scripts for bash, zsh and fish have in common.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toolkit/options/command_model.hpp"

namespace shmvideo::toolkit {

/// The options that a shell offers, in the help's order.
std::vector<OptionModel> offered_options(const CommandModel& model);

/// The argument that a shell offers first; null if there is none.
const OptionModel* offered_argument(const CommandModel& model);
/// The one that takes all words behind it; null if there is none.
const OptionModel* offered_rest(const CommandModel& model);

/// The word that the tool's --complete takes for this kind; empty where there is nothing to ask it.
std::string_view asked_of_tool(Completion kind);

/// A sentence of help cut to what fits beside an option in a list: without what stands in parentheses
/// or behind a semicolon.
std::string brief(std::string_view help);

/// Between single quotes, for bash and zsh.
std::string single_quoted(std::string_view plain);

}  // namespace shmvideo::toolkit
