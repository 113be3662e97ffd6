// SPDX-License-Identifier: Apache-2.0
#include "toolkit/render/render_shell.hpp"

#include <algorithm>

#include "toolkit/text.hpp"

namespace shmvideo::toolkit {

std::vector<OptionModel> offered_options(const CommandModel& model) {
  std::vector<OptionModel> options;
  std::copy_if(model.options.begin(), model.options.end(), std::back_inserter(options),
               [](const OptionModel& option) { return !option.is_hidden && !option.long_name.empty(); });
  return options;
}

const OptionModel* offered_argument(const CommandModel& model) {
  const auto found = std::find_if(model.options.begin(), model.options.end(), [](const OptionModel& option) {
    return !option.is_hidden && !option.positional.empty();
  });
  return found == model.options.end() ? nullptr : &*found;
}

const OptionModel* offered_rest(const CommandModel& model) {
  const auto found = std::find_if(model.options.begin(), model.options.end(), [](const OptionModel& option) {
    return !option.is_hidden && !option.positional.empty() && option.is_repeatable;
  });
  return found == model.options.end() ? nullptr : &*found;
}

std::string_view asked_of_tool(Completion kind) {
  if (kind == Completion::segment) return "segments";
  if (kind == Completion::device) return "devices";
  return {};
}

std::string brief(std::string_view help) {
  std::string text;
  int depth = 0;
  for (const char c : help) {
    if (c == '(') {
      ++depth;
      if (text.ends_with(' ')) text.pop_back();
    }
    if (depth == 0 && c == ';') break;
    if (depth == 0) text += c;
    if (c == ')') --depth;
  }
  return text;
}

std::string single_quoted(std::string_view plain) {
  return "'" + replace_all(std::string(plain), "'", "'\\''") + "'";
}

}  // namespace shmvideo::toolkit
