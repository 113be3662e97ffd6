// SPDX-License-Identifier: Apache-2.0
// Values of options as JSON has them, and as options are written.
#pragma once

#include <string>
#include <vector>

#include "toolkit/json.hpp"
#include "toolkit/options/command_model.hpp"

namespace shmvideo::toolkit {

/// As it would be written on the command line, one text for each time the option would be given:
/// true, 30, "250ms", 5.0 (seconds), [1920, 1080]. Throws UsageError that says what it has to be.
std::vector<std::string> option_texts(const OptionModel& option, const Json& value);

/// The form that its value has there, for people: "true or false", "a number".
std::string config_form(const OptionModel& option);

/// The other way round: what a configuration file would say; null for no value.
Json config_value(const OptionModel& option, const std::vector<std::string>& texts);

}  // namespace shmvideo::toolkit
