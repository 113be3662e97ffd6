// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "toolkit/options/command_model.hpp"
#include "toolkit/options/usage_error.hpp"
#include "toolkit/options/values.hpp"

namespace shmvideo::toolkit {

class ConfigFile;

/// Where the value in force comes from; later ones win.
enum class Origin { built_in, file, environment, option };

/// A declared option with the variable that it sets.
struct DeclaredOption {
  OptionModel model;
  std::function<void(std::string_view)> assign;      ///< throws UsageError; flags are called with ""
  std::function<std::vector<std::string>()> values;  ///< in force, as they are written; empty: none is set
  Origin origin = Origin::built_in;
  std::string place;               ///< where it comes from: "/etc/shm-video/config.json:12", "LOG_LEVEL"
  std::vector<std::string> given;  ///< as it stands on the command line
};

using GetEnvironment = std::function<const char*(const char*)>;

/// Adds to a declaration what it does not get from its type.
class OptionBuilder {
 public:
  explicit OptionBuilder(DeclaredOption& option) : option_(option) {}
  OptionBuilder& metavar(std::string text) { return set(&OptionModel::metavar, std::move(text)); }
  /// The environment variable that sets it where the command line does not.
  OptionBuilder& environment(std::string variable) {
    return set(&OptionModel::environment, std::move(variable));
  }
  /// The key in a configuration file, instead of one made of the tool's and the option's name.
  OptionBuilder& config_key(std::string key) { return set(&OptionModel::config_key, std::move(key)); }
  /// The key is true or false there, and means these two words of a choice.
  OptionBuilder& config_switch(std::string for_true, std::string for_false);
  /// It asks for something to be done this once, or stands for another option: no key sets it.
  OptionBuilder& not_configurable() { return config_key({}); }
  /// A running tool takes a changed value over when it reads its configuration again. (The tool has to
  /// do it: see ToolContext::on_reload.)
  OptionBuilder& reloadable();
  /// More sentences, for the manual.
  OptionBuilder& details(std::string text) { return set(&OptionModel::details, std::move(text)); }
  /// What it may be, where its type does not say so: "100ms or more". To be checked by the tool.
  OptionBuilder& range(std::string text) { return set(&OptionModel::range, std::move(text)); }
  /// What happens without it, where that is no value: "as the source is".
  OptionBuilder& if_unset(std::string text) { return set(&OptionModel::if_unset, std::move(text)); }
  OptionBuilder& completion(Completion kind);
  /// Values to offer at TAB, each with what it means; others are taken too.
  OptionBuilder& suggest(std::vector<std::pair<std::string, std::string>> words);
  OptionBuilder& hidden();

 private:
  OptionBuilder& set(std::string OptionModel::*member, std::string text);
  DeclaredOption& option_;
};

template <typename T>
struct Choice {
  std::string word;  ///< case does not matter when it is given
  T value;
  std::string what{};  ///< shown in the man page and by shells
};

/// The only place where an option exists: what it is called, what it sets, what it says. The variable
/// given with each declaration holds the default when it is declared and the value after assign().
/// `names` is "-o,--output", "--output", "NAME" (an argument) or "NAME,-n,--name" (an argument that
/// may be written as an option). Not thread-safe; variables are borrowed.
class Cli {
 public:
  /// `section` is where options without a key of their own are configured: the tool's name.
  explicit Cli(std::string section) : section_(std::move(section)) {}

  /// The heading for the options that are declared from here on.
  void group(std::string title) { group_ = std::move(title); }

  OptionBuilder flag(const std::string& names, bool& target, std::string help);

  template <typename T>
  OptionBuilder option(const std::string& names, T& target, std::string help) {
    DeclaredOption& added = declare(names, std::move(help));
    added.model.metavar = Value<T>::kMetavar;
    added.model.type = Value<T>::kType;
    added.model.completion = Value<T>::kCompletion;
    added.values = [&target] { return as_values(Value<T>::print(target)); };
    added.model.default_text = Value<T>::print(target);
    added.assign = [&target](std::string_view text) { target = Value<T>::parse(text); };
    return OptionBuilder(added);
  }

  /// An option that may be given several times; each adds a value to the list.
  template <typename T>
  OptionBuilder list(const std::string& names, std::vector<T>& target, std::string help) {
    DeclaredOption& added = declare(names, std::move(help));
    added.model.metavar = Value<T>::kMetavar;
    added.model.type = Value<T>::kType;
    added.model.completion = Value<T>::kCompletion;
    added.model.is_repeatable = true;
    added.values = [&target] {
      std::vector<std::string> texts;
      for (const T& value : target) texts.push_back(Value<T>::print(value));
      return texts;
    };
    added.assign = [&target](std::string_view text) { target.push_back(Value<T>::parse(text)); };
    return OptionBuilder(added);
  }

  /// A whole or real number from `low` to `high`; T may be an optional.
  template <typename T, typename Low, typename High>
  OptionBuilder number(const std::string& names, T& target, Low low, High high, std::string help) {
    DeclaredOption& added = declare(names, std::move(help));
    added.model.metavar = "N";
    added.model.type = "number";
    added.model.range = range_text(static_cast<double>(low), static_cast<double>(high));
    added.values = [&target] { return as_values(print_number(target)); };
    added.model.default_text = print_number(target);
    added.assign = [&target, low, high](std::string_view text) {
      using Number = decltype(number_of(target));
      if constexpr (std::floating_point<Number>) {
        target = static_cast<Number>(parse_real(text, static_cast<double>(low), static_cast<double>(high)));
      } else {
        target = static_cast<Number>(
            parse_integer(text, static_cast<std::int64_t>(low), static_cast<std::int64_t>(high)));
      }
    };
    return OptionBuilder(added);
  }

  /// One word out of a list.
  template <typename T>
  OptionBuilder choice(const std::string& names, T& target,
                       std::vector<Choice<std::type_identity_t<T>>> choices, std::string help) {
    DeclaredOption& added = declare(names, std::move(help));
    added.model.metavar = "WORD";
    added.model.type = "choice";
    added.model.completion = Completion::words;
    for (const auto& entry : choices) {
      added.model.words.emplace_back(entry.word, entry.what);
      if (entry.value == target) added.model.default_text = entry.word;
    }
    added.values = [&target, choices] {
      for (const auto& entry : choices) {
        if (entry.value == target) return as_values(entry.word);
      }
      return std::vector<std::string>();
    };
    added.assign = [&target, &model = added.model, choices = std::move(choices)](std::string_view text) {
      target = choices[index_of(text, model.words)].value;
    };
    return OptionBuilder(added);
  }

  /// Something to be checked when all values are in: throws UsageError. No input or output.
  void check(std::function<void()> condition) { checks_.push_back(std::move(condition)); }

  /// Reads the command line, without giving it a meaning yet. Throws UsageError.
  void read(int argc, const char* const* argv);
  /// True if the option (long name without dashes) stands on the command line that was read.
  bool is_given(std::string_view long_name) const;
  /// What the command line, else the environment, says of one option, before all are assigned.
  std::optional<std::string> early_value(std::string_view long_name,
                                         const GetEnvironment& get_environment) const;
  /// Refuses what is unknown, then sets every variable: from the command line, else from the
  /// environment, else from the configuration (may be null). Throws UsageError.
  void assign(const GetEnvironment& get_environment, const ConfigFile* configuration = nullptr);

  const std::deque<DeclaredOption>& options() const { return options_; }

 private:
  template <typename T>
  static T number_of(const T&);
  template <typename T>
  static T number_of(const std::optional<T>&);
  template <typename T>
  static std::string print_number(const T& value) {
    if constexpr (std::floating_point<T>)
      return print(static_cast<double>(value));
    else
      return std::to_string(value);
  }
  template <typename T>
  static std::string print_number(const std::optional<T>& value) {
    return value ? print_number(*value) : "";
  }
  static std::vector<std::string> as_values(std::string text) {
    return text.empty() ? std::vector<std::string>() : std::vector{std::move(text)};
  }
  static std::string range_text(double low, double high);
  static std::size_t index_of(std::string_view text,
                              const std::vector<std::pair<std::string, std::string>>& words);
  DeclaredOption& declare(const std::string& names, std::string help);
  void refuse_unknown() const;
  void assign_one(DeclaredOption& option, const GetEnvironment& get_environment,
                  const ConfigFile* configuration);

  std::string section_;
  std::string group_ = "Options";
  std::deque<DeclaredOption> options_;  // a deque: the builders and callbacks keep references
  std::vector<std::function<void()>> checks_;
  std::vector<std::string> unknown_;
};

}  // namespace shmvideo::toolkit
