// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/json.hpp"

namespace shmvideo::toolkit {

/// A value of a configuration file: all that is no object. Sections are in its key.
struct ConfigEntry {
  std::string key;       ///< "vision.camera.fps"
  Json value;            ///< text, number, true, false, null, or an array of whatever
  std::size_t line = 0;  ///< of the key, from 1
};

/// What stands in a configuration file: JSON (RFC 8259) in which /* */ and // comments are allowed, with an
/// object on top. {"a": {"b": 1}} and {"a.b": 1} are the same. An empty file configures nothing.
class ConfigFile {
 public:
  /// Throws UsageError, with the name and the line, also where a key stands twice.
  static ConfigFile parse(std::string_view text, std::string name);
  /// Throws UsageError where it cannot be read, too.
  static ConfigFile read(const std::filesystem::path& path);

  const std::string& name() const { return name_; }
  const std::vector<ConfigEntry>& entries() const { return entries_; }
  /// Null if the key is missing, or is null in the file.
  const ConfigEntry* find(std::string_view key) const;
  /// "/etc/shm-video/config.json:12"
  std::string place_of(const ConfigEntry& entry) const;

 private:
  std::string name_;
  std::vector<ConfigEntry> entries_;
};

/// The file to read where none is named: $XDG_CONFIG_HOME/shm-video/config.json (~/.config without that
/// variable), else /etc/shm-video/config.json; nothing where neither is there. One in the working directory
/// is not looked for: what a program does should not depend on where it is started.
std::optional<std::filesystem::path> usual_config_file(
    const std::function<const char*(const char*)>& get_environment);

}  // namespace shmvideo::toolkit
