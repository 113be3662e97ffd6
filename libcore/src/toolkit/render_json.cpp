// SPDX-License-Identifier: Apache-2.0
#include "toolkit/json.hpp"
#include "toolkit/render.hpp"

namespace shmvideo::toolkit {

std::string render_json(const CommandModel& model) {
  Json options = Json::array();
  for (const OptionModel& option : model.options) {
    Json words = Json::array();
    for (const auto& [word, what] : option.words) words.push_back({{"word", word}, {"what", what}});
    options.push_back({{"long", option.long_name},
                       {"letter", option.letter},
                       {"positional", option.positional},
                       {"metavar", option.metavar},
                       {"type", option.type},
                       {"help", option.help},
                       {"default", option.default_text},
                       {"group", option.group},
                       {"environment", option.environment},
                       {"config_key", option.config_key},
                       {"config_switch", {option.config_switch.first, option.config_switch.second}},
                       {"range", option.range},
                       {"details", option.details},
                       {"if_unset", option.if_unset},
                       {"reloadable", option.is_reloadable},
                       {"words", words},
                       {"repeatable", option.is_repeatable},
                       {"hidden", option.is_hidden}});
  }
  return to_lines({{"name", model.name},
                   {"version", model.version},
                   {"about", model.about},
                   {"examples", model.examples.size()},
                   {"options", options}});
}

}  // namespace shmvideo::toolkit
