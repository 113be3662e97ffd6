// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "toolkit/render/render.hpp"
#include "toolkit/text.hpp"

namespace shmvideo::toolkit {
namespace {

constexpr std::size_t kColumns = 70;         // mandoc complains of lines above 80, and escapes take some
constexpr const char* kDate = "2026-11-21";  // of the newest change in what the pages say

/// A line of text that roff shows as it is. Hyphens become \-, which can be copied from a page into a shell.
std::string escaped(std::string_view plain) {
  std::string text = replace_all(std::string(plain), "\\", "\\e");
  text = replace_all(std::move(text), "-", "\\-");
  text = replace_all(std::move(text), "~", "\\(ti");
  text = replace_all(std::move(text), "^", "\\(ha");
  if (text.starts_with('.') || text.starts_with('\'')) text.insert(0, "\\&");
  return text;
}

std::string bold(std::string_view text) { return fmt::format("\\fB{}\\fR", escaped(text)); }
std::string italic(std::string_view text) { return fmt::format("\\fI{}\\fR", escaped(text)); }

/// Sentences begin on lines of their own, as roff likes them, and no line is long.
std::string lines_of(std::string_view paragraph) {
  std::string text;
  const std::string flowing = replace_all(std::string(paragraph), "\n", " ");
  for (const std::string& sentence : split(flowing, ". ", ".")) {
    for (const std::string& line : wrap(sentence, kColumns)) text += escaped(line) + "\n";
  }
  return text;
}

std::string prose(std::string_view text) {
  std::string all;
  for (const std::string& paragraph : split(text, "\n\n")) {
    all += (all.empty() ? "" : ".PP\n") + lines_of(paragraph);
  }
  return all;
}

std::string tagged(const std::string& tag, const std::string& text) {
  return fmt::format(".TP\n{}\n{}", tag, text);
}

std::string notes(const std::vector<Note>& list) {
  std::string text;
  for (const Note& note : list) text += tagged(bold(note.term), prose(note.text));
  return text;
}

std::string option_tag(const OptionModel& option) {
  std::string tag;
  const std::string value = option.is_flag() ? "" : " " + italic(option.metavar);
  if (!option.positional.empty()) tag = italic(option.positional);
  if (!option.letter.empty())
    tag += fmt::format("{}{}", tag.empty() ? "" : ", ", bold("-" + option.letter) + value);
  if (!option.long_name.empty()) {
    tag += fmt::format("{}{}", tag.empty() ? "" : ", ", bold("--" + option.long_name) + value);
  }
  return tag;
}

/// Where else it can be set, and when a change counts.
std::string other_places(const OptionModel& option) {
  std::string text;
  if (!option.environment.empty())
    text += fmt::format("The environment variable is {}.\n", bold(option.environment));
  if (option.config_key.empty()) return text;
  text += fmt::format("The configuration key is\n{}", bold(option.config_key));
  const auto& [for_true, for_false] = option.config_switch;
  if (!for_true.empty()) {
    text += fmt::format(" (true: {}, false: {})", escaped(for_true), escaped(for_false));
  }
  return text + (option.is_reloadable ? ", applied on SIGHUP.\n" : ".\n");
}

std::string words_of_choice(const OptionModel& option) {
  std::string text = ".RS\n";
  for (const auto& [word, what] : option.words) text += tagged(bold(word), lines_of(what));
  return text + ".RE\n";
}

std::string option_text(const OptionModel& option) {
  std::string text = lines_of(option.help + ".") + lines_of(option.details);
  const bool are_words_explained =
      option.type == "choice" &&
      std::ranges::none_of(option.words, [](const auto& word) { return word.second.empty(); });
  if (const std::string allowed = allowed_values(option); !allowed.empty() && !are_words_explained) {
    text += lines_of("It may be " + allowed + ".");
  }
  if (!option.default_text.empty())
    text += fmt::format("The default is {}.\n", bold(option.default_text));
  else if (!option.if_unset.empty())
    text += lines_of("Without it: " + option.if_unset + ".");
  if (option.is_repeatable) text += "It may be given several times.\n";
  text += other_places(option);
  return are_words_explained ? text + words_of_choice(option) : text;
}

std::string options(const CommandModel& model) {
  std::string text;
  std::string group;
  for (const OptionModel& option : model.options) {
    if (option.is_hidden) continue;
    if (option.group != group) text += fmt::format(".SS {}\n", escaped(option.group));
    group = option.group;
    text += tagged(option_tag(option), option_text(option));
  }
  return text;
}

std::string value_forms(const CommandModel& model) {
  static constexpr std::pair<const char*, const char*> kForms[] = {
      {"duration", "Durations are written 90 or 90s, 10m, 1h, 250ms."},
      {"size", "Sizes are written 4096, 512K, 15M, 2G; K, M and G are powers of 1024."},
      {"rate", "Rates are written 30, 29.97 or 30000/1001."},
      {"bit rate", "Bit rates are written 800000, 800k or 4M; k and M are powers of 1000."},
      {"resolution", "Picture sizes are written 1920x1080."},
      {"mode", "File permissions are written 640 or 0640."}};
  std::string text;
  for (const auto& [type, sentence] : kForms) {
    const auto is_of_type = [&, wanted = type](const OptionModel& option) { return option.type == wanted; };
    if (std::any_of(model.options.begin(), model.options.end(), is_of_type)) text += escaped(sentence) + "\n";
  }
  return text.empty() ? text : ".SS Values\n" + text;
}

std::string environment(const CommandModel& model) {
  std::string text;
  for (const OptionModel& option : model.options) {
    if (option.environment.empty()) continue;
    text +=
        tagged(bold(option.environment), fmt::format("Stands in for {}.\n", bold("--" + option.long_name)));
  }
  return text + ".PP\n" +
         lines_of(
             "An option wins over the environment, the environment over the configuration, and the "
             "configuration over the default.");
}

std::string examples(const CommandModel& model) {
  std::string text;
  for (const Example& example : model.examples) {
    text += fmt::format("{}{}.PP\n.RS 4\n.nf\n{}\n.fi\n.RE\n", text.empty() ? "" : ".PP\n",
                        lines_of(example.what + "."), escaped(example.command));
  }
  return text;
}

std::string see_also(const CommandModel& model) {
  std::string text;
  for (const std::string& page : model.see_also) {
    const auto bracket = page.find('(');
    text += fmt::format("{}.BR {} {}", text.empty() ? "" : " ,\n", escaped(page.substr(0, bracket)),
                        page.substr(bracket));
  }
  return text + "\n";
}

}  // namespace

std::string render_man(const CommandModel& model) {
  std::string title = model.name;
  std::transform(title.begin(), title.end(), title.begin(), [](unsigned char c) { return std::toupper(c); });
  // The date is not that of today: the page is the same whenever it is generated.
  std::string page = fmt::format(".\\\" Generated by script/generate from the options of {}.\n", model.name);
  page +=
      fmt::format(".TH {} 1 {} \"shm\\-video {}\" \"User Commands\"\n", escaped(title), kDate, model.version);
  const auto section = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) page += fmt::format(".SH {}\n{}", name, text);
  };
  section("NAME", escaped(model.name) + " \\-\n" + lines_of(model.about));
  std::string usage = bold(model.name) + " [" + italic("OPTION") + "]...";
  for (const OptionModel& option : model.options) {
    if (!option.positional.empty())
      usage += " [" + italic(option.positional) + (option.is_repeatable ? "]..." : "]");
  }
  section("SYNOPSIS", usage + "\n");
  section("DESCRIPTION", prose(model.description));
  section("OPTIONS", options(model) + value_forms(model));
  for (const ManSection& own : model.sections) section(own.title, prose(own.text) + notes(own.notes));
  section("ENVIRONMENT", notes(model.environment) + environment(model));
  section("FILES", notes(model.files));
  section("EXIT STATUS", notes(model.exit_status));
  section("SIGNALS", notes(model.signals));
  section("EXAMPLES", examples(model));
  section("SEE ALSO", model.see_also.empty() ? "" : see_also(model));
  return page;
}

}  // namespace shmvideo::toolkit
