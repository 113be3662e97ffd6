// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "toolkit/config/config_value.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/render/render.hpp"
#include "toolkit/text.hpp"

namespace shmvideo::toolkit {
namespace {

struct Row {
  std::vector<std::string> path;  ///< "vision", "camera", "fps"
  Json value;                     ///< null: none is set
  std::string comment;
};

std::string origin_text(const DeclaredOption& option) {
  switch (option.origin) {
    case Origin::option:
      return "option " + option.place;
    case Origin::environment:
      return "environment " + option.place;
    case Origin::file:
      return option.place;
    case Origin::built_in:
      break;
  }
  return option.values().empty() && !option.model.if_unset.empty() ? "not set: " + option.model.if_unset
         : option.values().empty()                                 ? "not set"
                                                                   : "default";
}

/// Rows of one section stand together, in the order in which sections are met.
std::vector<Row> rows_of(const Cli& cli) {
  std::vector<Row> rows;
  for (const DeclaredOption& option : cli.options()) {
    if (option.model.config_key.empty()) continue;
    const std::string& key = option.model.config_key;
    rows.push_back({split(key, "."), config_value(option.model, option.values()), origin_text(option)});
  }
  std::vector<std::string> sections;
  const auto section_at = [&](const Row& row, std::size_t depth) {
    std::string name;
    for (std::size_t i = 0; i < depth && i + 1 < row.path.size(); ++i) name += row.path[i] + ".";
    return name;
  };
  const auto rank = [&](const Row& row, std::size_t depth) {
    const std::string name = section_at(row, depth);
    const auto found = std::ranges::find(sections, name);
    if (found == sections.end()) sections.push_back(name);
    return std::ranges::find(sections, name) - sections.begin();
  };
  for (const Row& row : rows) {
    for (std::size_t depth = 1; depth < row.path.size(); ++depth) rank(row, depth);
  }
  std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) {
    // What stands in a section itself comes before the sections in it.
    for (std::size_t depth = 1; depth < std::max(a.path.size(), b.path.size()); ++depth) {
      const bool is_a_here = a.path.size() <= depth;
      const bool is_b_here = b.path.size() <= depth;
      if (is_a_here != is_b_here) return is_a_here;
      if (is_a_here) return false;
      if (rank(a, depth) != rank(b, depth)) return rank(a, depth) < rank(b, depth);
    }
    return false;
  });
  return rows;
}

std::string quoted(const std::string& text) { return to_line(Json(text)); }

std::size_t common_depth(const Row& a, const Row& b) {
  std::size_t depth = 0;
  while (depth + 1 < std::min(a.path.size(), b.path.size()) && a.path[depth] == b.path[depth]) ++depth;
  return depth;
}

std::string indent(std::size_t depth) { return std::string(2 * (depth + 1), ' '); }

}  // namespace

std::string render_config(const Cli& cli, const std::string& heading) {
  constexpr std::size_t kCommentColumn = 44;
  const std::vector<Row> rows = rows_of(cli);
  std::string text = heading + "{\n";
  std::size_t depth = 0;
  // A value that is not set stands as a comment, and wants no comma before it.
  const auto has_successor = [&](std::size_t from, std::size_t level) {
    for (std::size_t i = from; i < rows.size(); ++i) {
      if (common_depth(rows[from - 1], rows[i]) < level) return false;
      if (!rows[i].value.is_null() || rows[i].path.size() > level + 1) return true;
    }
    return false;
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    const std::size_t shared = i == 0 ? 0 : common_depth(rows[i - 1], row);
    while (depth > shared) {
      --depth;
      text += indent(depth) + (has_successor(i, depth) ? "},\n" : "}\n");
    }
    for (; depth + 1 < row.path.size(); ++depth) text += indent(depth) + quoted(row.path[depth]) + ": {\n";
    const bool is_set = !row.value.is_null();
    std::string line = indent(depth) + (is_set ? "" : "// ") + quoted(row.path.back());
    if (is_set) line += ": " + to_line(row.value) + (has_successor(i + 1, depth) ? "," : "");
    if (line.size() < kCommentColumn) line.resize(kCommentColumn, ' ');
    text += line + (is_set ? " // " : " ") + row.comment + "\n";
  }
  while (depth > 0) text += indent(--depth) + "}\n";
  return text + "}\n";
}

}  // namespace shmvideo::toolkit
