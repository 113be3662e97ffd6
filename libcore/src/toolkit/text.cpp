// SPDX-License-Identifier: Apache-2.0
#include "toolkit/text.hpp"

#include <sstream>

namespace shmvideo::toolkit {

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    if (lines.empty() || lines.back().size() + 1 + word.size() > columns)
      lines.push_back(std::move(word));
    else
      lines.back() += " " + word;
  }
  return lines;
}

std::vector<std::string> split(std::string_view text, std::string_view separator, std::string_view keep) {
  std::vector<std::string> parts;
  for (auto end = text.find(separator); end != text.npos; end = text.find(separator)) {
    parts.push_back(std::string(text.substr(0, end)).append(keep));
    text.remove_prefix(end + separator.size());
  }
  if (!text.empty()) parts.emplace_back(text);
  return parts;
}

std::string replace_all(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string allowed_values(const OptionModel& option) {
  if (option.type != "choice") return option.range;
  std::string text;
  for (const auto& [word, what] : option.words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string synopsis(const CommandModel& model) {
  std::string text = model.name + " [OPTION]...";
  for (const OptionModel& option : model.options) {
    if (!option.positional.empty()) text += " [" + option.positional + (option.is_repeatable ? "]..." : "]");
  }
  return text;
}

std::string identifier(std::string_view tool) { return replace_all(std::string(tool), "-", "_"); }

}  // namespace shmvideo::toolkit
