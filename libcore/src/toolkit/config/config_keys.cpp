// SPDX-License-Identifier: Apache-2.0
#include "toolkit/config/config_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "toolkit/options/nearest.hpp"
#include "toolkit/options/usage_error.hpp"
#include "toolkit/terminal/terminal.hpp"

namespace shmvideo::toolkit {
namespace {

constexpr std::array<std::string_view, 3> kSections{"video", "vision.camera", "api.stream"};
constexpr std::string_view kToolPrefix = "shm-";

bool is_inside(std::string_view key, std::string_view section) {
  return key.size() > section.size() && key.starts_with(section) && key[section.size()] == '.';
}

/// The section that the key would be, if it were one: {"video": 5}.
bool is_section(std::string_view key, const std::vector<std::string>& keys) {
  return std::ranges::any_of(keys, [&](const std::string& known) { return is_inside(known, key); });
}

std::vector<std::string> all_keys(const Cli& cli) {
  std::vector<std::string> keys;
  for (const DeclaredOption& option : cli.options()) {
    if (!option.model.config_key.empty()) keys.push_back(option.model.config_key);
  }
  for (const KnownKey& known : known_keys()) keys.emplace_back(known.key);
  for (const KeyWithoutEffect& known : keys_without_effect()) keys.emplace_back(known.key);
  return keys;
}

std::string_view last_part(std::string_view key) { return key.substr(key.rfind('.') + 1); }

/// For a message: what some program wrote may be long.
std::string shown(const std::string& key) {
  constexpr std::size_t kLongest = 80;
  return key.size() <= kLongest ? key : cut_to_columns(key, kLongest) + "...";
}

/// One of the same name in another section, else the nearest, else one of a near name in another section.
std::string hint(const std::string& key, const std::vector<std::string>& keys) {
  std::vector<std::string> names;
  for (const std::string& known : keys) names.emplace_back(last_part(known));
  const auto in_another_section = [&](std::string_view name) {
    const auto at = std::ranges::find(names, name) - names.begin();
    return fmt::format("; did you mean {}?", keys[static_cast<std::size_t>(at)]);
  };
  if (std::ranges::count(names, last_part(key)) > 0) return in_another_section(last_part(key));
  const std::string near = did_you_mean(key, keys);
  if (!near.empty()) return near;
  const auto name = nearest(last_part(key), names);
  return name ? in_another_section(*name) : "; see shm-video-config(5)";
}

}  // namespace

const std::vector<KnownKey>& known_keys() {
  static const std::vector<KnownKey> keys{
#include "toolkit/config/known_keys.inc"
  };
  return keys;
}

const std::vector<KeyWithoutEffect>& keys_without_effect() {
  static const std::vector<KeyWithoutEffect> keys{{"video.process.main_loop_sleep", "shm-capture",
                                                   "a new frame wakes whoever waits for it; nothing polls"},
                                                  {"api.stream.performance.sleep_interval_ms", "shm-mjpeg",
                                                   "a new frame wakes whoever waits for it; nothing polls"}};
  return keys;
}

bool is_in_our_sections(std::string_view key) {
  if (key.starts_with(kToolPrefix)) return true;
  return std::ranges::any_of(
      kSections, [&](std::string_view section) { return key == section || is_inside(key, section); });
}

void check_keys(const ConfigFile& file, const Cli& cli) {
  const std::vector<std::string> keys = all_keys(cli);
  for (const ConfigEntry& entry : file.entries()) {
    if (!is_in_our_sections(entry.key) || std::ranges::count(keys, entry.key) > 0) continue;
    if (is_section(entry.key, keys)) {
      throw UsageError(fmt::format("{}: '{}' is a section; use {{\"key\": value}} in it",
                                   file.place_of(entry), entry.key));
    }
    throw UsageError(
        fmt::format("{}: unknown key '{}'{}", file.place_of(entry), shown(entry.key), hint(entry.key, keys)));
  }
}

std::vector<std::string> remarks_on_keys(const ConfigFile& file, std::string_view tool) {
  std::vector<std::string> remarks;
  for (const KeyWithoutEffect& known : keys_without_effect()) {
    const ConfigEntry* entry = file.find(known.key);
    if (!entry || known.tool != tool) continue;
    remarks.push_back(fmt::format("{}: {} has no effect: {}", file.place_of(*entry), known.key, known.why));
  }
  return remarks;
}

}  // namespace shmvideo::toolkit
