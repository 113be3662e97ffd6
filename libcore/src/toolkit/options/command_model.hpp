// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace shmvideo::toolkit {

/// What a shell offers for a value at the press of TAB.
enum class Completion { none, segment, file, directory, device, words };

/// One option or argument, as plain data.
struct OptionModel {
  std::string long_name;   ///< without dashes; empty for a pure argument
  std::string letter;      ///< one character or empty
  std::string positional;  ///< the argument's name ("NAME"), empty if it has none
  std::string metavar;     ///< empty: a flag
  std::string type;        ///< "duration", "size", ...
  std::string range;       ///< "1 to 100", "100ms or more"; empty where the type says all
  std::string help;        ///< one sentence without a final dot
  std::string details;     ///< more sentences, for the manual
  std::string default_text;
  std::string if_unset;  ///< what happens without it, where it has no default: "as the source is"
  std::string group;
  std::string environment;
  std::string config_key;  ///< "vision.camera.fps"; empty: cannot be configured
  /// The words of a choice as true and false of the configuration; both empty otherwise.
  std::pair<std::string, std::string> config_switch;
  Completion completion = Completion::none;
  std::vector<std::pair<std::string, std::string>> words;  ///< value, what it means (may be empty)
  bool is_hidden = false;
  bool is_repeatable = false;  ///< each time it is given adds a value
  bool is_reloadable = false;  ///< a running tool takes a changed value over

  bool is_flag() const { return metavar.empty(); }
};

/// A term and what it means: the rows of tables in man pages.
struct Note {
  std::string term{};
  std::string text{};
};

/// A section of a man page that only some tool has.
struct ManSection {
  std::string title{};  ///< upper case
  std::string text{};   ///< paragraphs, an empty line between them
  std::vector<Note> notes{};
};

struct Example {
  std::string command{};
  std::string what{};  ///< one sentence without a final dot
};

/// Everything that people and shells are told about a tool; the renderers' only input.
struct CommandModel {
  std::string name;
  std::string version;
  std::string about;        ///< one line without a final dot
  std::string description;  ///< paragraphs, an empty line between them
  std::vector<OptionModel> options;
  std::vector<Note> environment;  ///< variables that belong to no option
  std::vector<Note> files;
  std::vector<Note> exit_status;
  std::vector<Note> signals;
  std::vector<Note> keys_without_effect;  ///< of configurations that other programs have; why
  std::vector<ManSection> sections;
  std::vector<Example> examples;
  std::vector<std::string> see_also;  ///< "shm-capture(1)"
};

}  // namespace shmvideo::toolkit
