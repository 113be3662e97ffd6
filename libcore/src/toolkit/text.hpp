// SPDX-License-Identifier: Apache-2.0
// Small helpers that the renderers share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toolkit/options/command_model.hpp"

namespace shmvideo::toolkit {

/// Breaks at blanks into lines of at most `columns`; a longer word stands on a line of its own.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

/// The parts between separators; `keep` is put back behind each part that a separator followed.
std::vector<std::string> split(std::string_view text, std::string_view separator, std::string_view keep = {});

std::string replace_all(std::string text, std::string_view what, std::string_view by);

/// What an option's value may be: "1 to 100", "text, json"; empty where its type says all.
std::string allowed_values(const OptionModel& option);

/// "shm-x [OPTION]... [NAME]"
std::string synopsis(const CommandModel& model);

/// "shm_x", for names of shell functions.
std::string identifier(std::string_view tool);

}  // namespace shmvideo::toolkit
