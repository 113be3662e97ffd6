// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "toolkit/render/render.hpp"
#include "toolkit/text.hpp"

namespace shmvideo::toolkit {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kHelpColumn = 28;

std::string left_side(const OptionModel& option) {
  if (!option.positional.empty()) return option.positional;
  std::string text = option.letter.empty() ? "    " : "-" + option.letter + ", ";
  text += "--" + option.long_name;
  return option.is_flag() ? text : text + " " + option.metavar;
}

std::string right_side(const OptionModel& option) {
  std::string text = option.help;
  if (!option.positional.empty() && !option.long_name.empty()) {
    const std::string letter = option.letter.empty() ? "" : "-" + option.letter + ", ";
    text += fmt::format(" (or {}--{})", letter, option.long_name);
  }
  if (const std::string allowed = allowed_values(option); !allowed.empty()) text += ": " + allowed;
  if (!option.default_text.empty())
    text += fmt::format(" [{}]", option.default_text);
  else if (!option.if_unset.empty())
    text += fmt::format(" (without it: {})", option.if_unset);
  if (option.is_repeatable) text += " (may be given several times)";
  if (!option.environment.empty()) text += fmt::format(" [${}]", option.environment);
  return text;
}

std::string row(const OptionModel& option) {
  std::string left = "  " + left_side(option);
  std::string text;
  if (left.size() + 2 > kHelpColumn) {
    text = left + "\n";
    left.clear();
  }
  left.resize(kHelpColumn, ' ');
  const std::string indent(kHelpColumn, ' ');
  for (const std::string& line : wrap(right_side(option), kColumns - kHelpColumn)) {
    text += left + line + "\n";
    left = indent;
  }
  return text;
}

std::vector<std::string> groups_in_order(const CommandModel& model) {
  std::vector<std::string> groups;
  for (const OptionModel& option : model.options) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) groups.push_back(option.group);
  }
  return groups;
}

}  // namespace

std::string render_help(const CommandModel& model) {
  std::string text = "Usage: " + synopsis(model) + "\n\n";
  for (const std::string& line : wrap(model.about + ".", kColumns)) text += line + "\n";
  for (const std::string& group : groups_in_order(model)) {
    std::string rows;
    for (const OptionModel& option : model.options) {
      if (!option.is_hidden && option.group == group) rows += row(option);
    }
    if (!rows.empty()) text += "\n" + group + ":\n" + rows;
  }
  if (!model.examples.empty()) text += "\nExamples:\n";
  for (const Example& example : model.examples) {
    text += fmt::format("  {}\n", example.command);
    for (const std::string& line : wrap(example.what, kColumns - 6)) text += fmt::format("      {}\n", line);
  }
  return text;
}

}  // namespace shmvideo::toolkit
