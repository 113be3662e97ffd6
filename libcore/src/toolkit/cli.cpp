// SPDX-License-Identifier: Apache-2.0
#include "toolkit/cli.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cassert>
#include <cctype>
#include <numeric>
#include <sstream>

namespace shmvideo::toolkit {
namespace {

/// How an option is called in messages: "--fps", or the argument's name.
std::string spoken_name(const OptionModel& model) {
  return model.positional.empty() ? "--" + model.long_name : model.positional;
}

/// All of its names as CLI11 spells them.
std::string parser_names(const OptionModel& model) {
  std::string names;
  if (!model.letter.empty()) names += "-" + model.letter + ",";
  if (!model.long_name.empty()) names += "--" + model.long_name + ",";
  names += model.positional;
  if (names.ends_with(',')) names.pop_back();
  return names;
}

/// Levenshtein's distance: how many letters to change, add or leave out.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row.back();
}

bool is_same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// CLI11's complaint in our words. It has no machine-readable part, but the option's name comes first.
std::string in_our_words(const CLI::ParseError& error) {
  const std::string text = error.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) {
    if (const auto colon = text.find(':'); colon != text.npos)
      return text.substr(0, colon) + " needs a value";
  }
  return text.substr(0, text.find('\n'));
}

}  // namespace

OptionBuilder& OptionBuilder::set(std::string OptionModel::*member, std::string text) {
  option_.model.*member = std::move(text);
  return *this;
}

OptionBuilder& OptionBuilder::completion(Completion kind) {
  option_.model.completion = kind;
  return *this;
}

OptionBuilder& OptionBuilder::suggest(std::vector<std::string> words) {
  for (auto& word : words) option_.model.words.emplace_back(std::move(word), "");
  if (option_.model.completion == Completion::none) option_.model.completion = Completion::words;
  return *this;
}

OptionBuilder& OptionBuilder::hidden() {
  option_.model.is_hidden = true;
  return *this;
}

DeclaredOption& Cli::declare(const std::string& names, std::string help) {
  DeclaredOption& option = options_.emplace_back();
  option.model.help = std::move(help);
  option.model.group = group_;
  std::istringstream parts(names);
  for (std::string part; std::getline(parts, part, ',');) {
    if (part.starts_with("--"))
      option.model.long_name = part.substr(2);
    else if (part.starts_with('-'))
      option.model.letter = part.substr(1);
    else
      option.model.positional = part;
  }
  if (!option.model.positional.empty()) option.model.group = "Arguments";
  assert(!option.model.long_name.empty() || !option.model.positional.empty());
  return option;
}

OptionBuilder Cli::flag(const std::string& names, bool& target, std::string help) {
  DeclaredOption& option = declare(names, std::move(help));
  option.model.type = "flag";
  option.assign = [&target](std::string_view text) {
    const auto is_one_of = [&](auto... words) { return (is_same_ignoring_case(text, words) || ...); };
    if (is_one_of("", "1", "true", "yes", "on"))
      target = true;
    else if (is_one_of("0", "false", "no", "off"))
      target = false;
    else
      throw UsageError(fmt::format("'{}' is not yes or no; use 1, true, yes, on, 0, false, no or off", text));
  };
  return OptionBuilder(option);
}

std::size_t Cli::index_of(std::string_view text,
                          const std::vector<std::pair<std::string, std::string>>& words) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_same_ignoring_case(text, words[i].first)) return i;
    list += fmt::format("{}{}", i == 0 ? "" : i + 1 == words.size() ? " or " : ", ", words[i].first);
  }
  throw UsageError(fmt::format("'{}' is not one of its values; use {}", text, list));
}

void Cli::read(int argc, const char* const* argv) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  for (DeclaredOption& option : options_) {
    const auto keep = [&option](const CLI::results_t& given) {
      option.given = given;
      return true;
    };
    CLI::Option* added = app.add_option(parser_names(option.model), keep);
    if (option.model.is_flag())
      added->expected(0);
    else
      added->expected(1);
    added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    throw UsageError(in_our_words(error));
  }
  unknown_ = app.remaining();
  std::erase(unknown_, "--");  // only the mark between options and arguments
}

bool Cli::is_given(std::string_view long_name) const {
  return std::any_of(options_.begin(), options_.end(), [&](const DeclaredOption& option) {
    return option.model.long_name == long_name && !option.given.empty();
  });
}

void Cli::refuse_unknown() const {
  if (unknown_.empty()) return;
  const std::string& word = unknown_.front();
  if (!word.starts_with('-')) throw UsageError(fmt::format("unexpected argument '{}'; see --help", word));
  const std::string name = word.substr(0, word.find('='));
  const OptionModel* best = nullptr;
  std::size_t best_distance = 3;  // further away is another word
  for (const DeclaredOption& option : options_) {
    const std::string candidate = "--" + option.model.long_name;
    const bool is_beginning = name.size() > 3 && candidate.starts_with(name);
    const std::size_t apart = is_beginning ? 1 : distance(name, candidate);
    if (option.model.is_hidden || option.model.long_name.empty() || apart >= best_distance) continue;
    best = &option.model;
    best_distance = apart;
  }
  throw UsageError(fmt::format("unknown option '{}'; {}", name,
                               best ? fmt::format("did you mean --{}?", best->long_name) : "see --help"));
}

void Cli::assign(const std::function<const char*(const char*)>& get_environment) {
  refuse_unknown();
  for (DeclaredOption& option : options_) {
    const OptionModel& model = option.model;
    const char* from_environment =
        model.environment.empty() ? nullptr : get_environment(model.environment.c_str());
    std::string name = spoken_name(model);
    try {
      if (!option.given.empty()) {
        if (!model.positional.empty() && option.given.size() > 1) {
          throw UsageError(fmt::format("given twice, as '{}' and '{}'", option.given[0], option.given[1]));
        }
        option.origin = Origin::option;
        // Of one value the last word counts.
        const auto first = model.is_repeatable ? option.given.begin() : option.given.end() - 1;
        for (auto text = first; text != option.given.end(); ++text) option.assign(*text);
      } else if (from_environment && *from_environment) {
        name = "environment variable " + model.environment;
        option.origin = Origin::environment;
        option.assign(from_environment);
      }
    } catch (const UsageError& error) {
      throw UsageError(name + ": " + error.what());
    }
  }
  for (const auto& condition : checks_) condition();
}

}  // namespace shmvideo::toolkit
