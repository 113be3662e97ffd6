// SPDX-License-Identifier: Apache-2.0
#include "toolkit/options/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>

namespace shmvideo::toolkit {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

std::string folded(std::string_view text) {
  std::string all(text);
  for (char& c : all) c = c == '_' ? '-' : lower(c);
  return all;
}

/// How many letters to change, add, leave out, or swap with their neighbour (Damerau and Levenshtein,
/// without editing a swapped pair again).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
      const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

/// Further away is another word; in a short word each letter counts for more.
std::size_t limit_for(std::size_t length) { return length <= 3 ? 1 : length <= 6 ? 2 : 3; }

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongestWord = 200;  // what is longer is no typing error, and the work grows with it
  constexpr std::size_t kShortestBeginning = 2;
  if (word.size() > kLongestWord) return std::nullopt;
  const std::string wanted = folded(word);
  const std::string* best = nullptr;
  std::size_t best_distance = limit_for(wanted.size()) + 1;
  for (const std::string& candidate : candidates) {
    const std::string name = folded(candidate);
    const bool is_beginning = wanted.size() >= kShortestBeginning && name.starts_with(wanted);
    const std::size_t apart = is_beginning ? 1 : distance(wanted, name);
    if (apart >= best_distance) continue;
    best = &candidate;
    best_distance = apart;
  }
  return best ? std::optional(*best) : std::nullopt;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         std::string_view prefix, std::string_view otherwise) {
  const auto meant = nearest(word, candidates);
  return meant ? fmt::format("; did you mean {}{}?", prefix, *meant) : std::string(otherwise);
}

bool is_same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace shmvideo::toolkit
