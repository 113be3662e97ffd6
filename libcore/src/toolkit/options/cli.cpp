// SPDX-License-Identifier: Apache-2.0
#include "toolkit/options/cli.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cassert>
#include <cctype>
#include <cmath>
#include <sstream>

#include "toolkit/config/config_file.hpp"
#include "toolkit/config/config_value.hpp"
#include "toolkit/options/nearest.hpp"
#include "toolkit/text.hpp"

namespace shmvideo::toolkit {
namespace {

/// How an option is called in messages: "--fps", or the argument's name.
std::string spoken_name(const OptionModel& model) {
  return model.positional.empty() ? "--" + model.long_name : model.positional;
}

/// Its names with dashes as CLI11 spells them.
std::string parser_names(const OptionModel& model) {
  std::string names;
  if (!model.letter.empty()) names += "-" + model.letter + ",";
  if (!model.long_name.empty()) names += "--" + model.long_name + ",";
  return names;
}

/// Lets `app` collect what is given for the option in `given`. Arguments take words in the order of their
/// declaration, one each, but for one that is a list: that takes all that are left.
void add_to_parser(CLI::App& app, const OptionModel& model, std::vector<std::string>& given) {
  const auto add = [&](std::string names) {
    if (names.ends_with(',')) names.pop_back();
    CLI::Option* const added = app.add_option(names, [&given](const CLI::results_t& more) {
      given.insert(given.end(), more.begin(), more.end());
      return true;
    });
    return added->expected(model.is_flag() ? 0 : 1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  };
  if (model.positional.empty() || !model.is_repeatable) {
    add(parser_names(model) + model.positional);
    return;
  }
  // Two, since with one CLI11 would let "--more" take every word that follows, too.
  if (!model.long_name.empty()) add(parser_names(model));
  add(model.positional)->allow_extra_args();
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

bool names_option(std::string_view text, const std::string& name) {
  const std::string word = "--" + name;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if (end == text.size() || (text[end] != '-' && !std::isalnum(static_cast<unsigned char>(text[end]))))
      return true;
  }
  return false;
}

/// A complaint about options that do not go together, where some of them are not on the command line: where
/// they are. " (f.json:3: video.log.quiet)"
std::string origins_named_in(std::string_view complaint, const std::deque<DeclaredOption>& options) {
  std::string origins;
  for (const DeclaredOption& option : options) {
    const bool is_file = option.origin == Origin::file;
    if ((!is_file && option.origin != Origin::environment) ||
        !names_option(complaint, option.model.long_name))
      continue;
    origins +=
        (origins.empty() ? " (" : "; ") + option.place + (is_file ? ": " + option.model.config_key : "");
  }
  return origins.empty() ? origins : origins + ")";
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

OptionBuilder& OptionBuilder::suggest(std::vector<std::pair<std::string, std::string>> words) {
  option_.model.words = std::move(words);
  if (option_.model.completion == Completion::none) option_.model.completion = Completion::words;
  return *this;
}

OptionBuilder& OptionBuilder::hidden() {
  option_.model.is_hidden = true;
  return not_configurable();
}

OptionBuilder& OptionBuilder::config_switch(std::string for_true, std::string for_false) {
  option_.model.config_switch = {std::move(for_true), std::move(for_false)};
  return *this;
}

OptionBuilder& OptionBuilder::reloadable() {
  option_.model.is_reloadable = true;
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
  if (!option.model.long_name.empty()) {
    option.model.config_key = section_ + "." + replace_all(option.model.long_name, "-", "_");
  }
  assert(!option.model.long_name.empty() || !option.model.positional.empty());
  return option;
}

OptionBuilder Cli::flag(const std::string& names, bool& target, std::string help) {
  DeclaredOption& option = declare(names, std::move(help));
  option.model.type = "flag";
  option.values = [&target] { return std::vector<std::string>{target ? "true" : "false"}; };
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

std::string Cli::range_text(double low, double high) {
  constexpr double kNoLimit = 1e18;
  // All digits of what is whole: 1000000000 rather than 1e+09.
  const auto text = [](double number) {
    return number == std::floor(number) ? fmt::format("{:.0f}", number) : fmt::format("{:g}", number);
  };
  return high >= kNoLimit ? text(low) + " or more" : text(low) + " to " + text(high);
}

std::size_t Cli::index_of(std::string_view text,
                          const std::vector<std::pair<std::string, std::string>>& words) {
  std::vector<std::string> names;
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_same_ignoring_case(text, words[i].first)) return i;
    names.push_back(words[i].first);
    list += fmt::format("{}{}", i == 0 ? "" : i + 1 == words.size() ? " or " : ", ", words[i].first);
  }
  throw UsageError(
      fmt::format("'{}' is not one of its values; use {}{}", text, list, did_you_mean(text, names)));
}

void Cli::read(int argc, const char* const* argv) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  for (DeclaredOption& option : options_) {
    option.given.clear();
    add_to_parser(app, option.model, option.given);
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
  std::vector<std::string> names;
  for (const DeclaredOption& option : options_) {
    if (!option.model.is_hidden && !option.model.long_name.empty())
      names.push_back("--" + option.model.long_name);
  }
  throw UsageError(fmt::format("unknown option '{}'{}", name, did_you_mean(name, names, "", "; see --help")));
}

std::optional<std::string> Cli::early_value(std::string_view long_name,
                                            const GetEnvironment& get_environment) const {
  const auto found = std::ranges::find_if(
      options_, [&](const DeclaredOption& option) { return option.model.long_name == long_name; });
  if (found == options_.end()) return std::nullopt;
  if (!found->given.empty()) return found->given.back();
  const char* text =
      found->model.environment.empty() ? nullptr : get_environment(found->model.environment.c_str());
  return text && *text ? std::optional<std::string>(text) : std::nullopt;
}

void Cli::assign_one(DeclaredOption& option, const GetEnvironment& get_environment,
                     const ConfigFile* configuration) {
  const OptionModel& model = option.model;
  const char* from_environment =
      model.environment.empty() ? nullptr : get_environment(model.environment.c_str());
  const ConfigEntry* from_file =
      configuration && !model.config_key.empty() ? configuration->find(model.config_key) : nullptr;
  std::string name = spoken_name(model);
  try {
    if (!option.given.empty()) {
      if (!model.positional.empty() && !model.is_repeatable && option.given.size() > 1) {
        throw UsageError(fmt::format("given twice, as '{}' and '{}'", option.given[0], option.given[1]));
      }
      option.origin = Origin::option;
      option.place = name;
      // Of one value the last word counts.
      const auto first = model.is_repeatable ? option.given.begin() : option.given.end() - 1;
      for (auto text = first; text != option.given.end(); ++text) option.assign(*text);
    } else if (from_environment && *from_environment) {
      name = "environment variable " + model.environment;
      option.origin = Origin::environment;
      option.place = model.environment;
      option.assign(from_environment);
    } else if (from_file) {
      option.place = configuration->place_of(*from_file);
      name = option.place + ": " + model.config_key;
      option.origin = Origin::file;
      for (const std::string& text : option_texts(model, from_file->value)) option.assign(text);
    }
  } catch (const UsageError& error) {
    throw UsageError(name + ": " + error.what());
  }
}

void Cli::assign(const GetEnvironment& get_environment, const ConfigFile* configuration) {
  refuse_unknown();
  for (DeclaredOption& option : options_) assign_one(option, get_environment, configuration);
  try {
    for (const auto& condition : checks_) condition();
  } catch (const UsageError& error) {
    throw UsageError(error.what() + origins_named_in(error.what(), options_));
  }
}

}  // namespace shmvideo::toolkit
