// SPDX-License-Identifier: Apache-2.0
#include "toolkit/config/config_value.hpp"
#include "toolkit/json.hpp"
#include "toolkit/render/render.hpp"
#include "toolkit/text.hpp"

namespace shmvideo::toolkit {
namespace {

Json pairs(const std::vector<std::pair<std::string, std::string>>& words) {
  Json list = Json::array();
  for (const auto& [word, what] : words) list.push_back({{"word", word}, {"what", what}});
  return list;
}

Json notes(const std::vector<Note>& rows) {
  Json list = Json::array();
  for (const Note& row : rows) list.push_back({{"term", row.term}, {"text", row.text}});
  return list;
}

/// What a configuration file that says nothing new would say; null where there is no value.
Json config_default(const OptionModel& option) {
  if (option.is_flag()) return false;
  if (option.default_text.empty()) return config_value(option, {});
  return config_value(option, {option.default_text});
}

Json option_json(const OptionModel& option) {
  return {{"long", option.long_name},
          {"letter", option.letter},
          {"positional", option.positional},
          {"metavar", option.metavar},
          {"type", option.type},
          {"help", option.help},
          {"details", option.details},
          {"range", option.range},
          {"allowed", allowed_values(option)},
          {"words", pairs(option.words)},
          {"default", option.default_text},
          {"if_unset", option.if_unset},
          {"group", option.group},
          {"environment", option.environment},
          {"config_key", option.config_key},
          {"config_form", config_form(option)},
          {"config_default", config_default(option)},
          {"config_switch", {option.config_switch.first, option.config_switch.second}},
          {"reloadable", option.is_reloadable},
          {"repeatable", option.is_repeatable},
          {"hidden", option.is_hidden}};
}

}  // namespace

std::string render_json(const CommandModel& model) {
  Json options = Json::array();
  for (const OptionModel& option : model.options) options.push_back(option_json(option));
  Json sections = Json::array();
  for (const ManSection& section : model.sections) {
    sections.push_back({{"title", section.title}, {"text", section.text}, {"notes", notes(section.notes)}});
  }
  Json examples = Json::array();
  for (const Example& example : model.examples) {
    examples.push_back({{"command", example.command}, {"what", example.what}});
  }
  return to_lines({{"name", model.name},
                   {"version", model.version},
                   {"about", model.about},
                   {"description", model.description},
                   {"options", options},
                   {"environment", notes(model.environment)},
                   {"files", notes(model.files)},
                   {"exit_status", notes(model.exit_status)},
                   {"signals", notes(model.signals)},
                   {"keys_without_effect", notes(model.keys_without_effect)},
                   {"sections", sections},
                   {"examples", examples},
                   {"see_also", model.see_also}});
}

}  // namespace shmvideo::toolkit
