// SPDX-License-Identifier: Apache-2.0
// Which keys a configuration file may have: one file serves all tools, and may serve other programs, too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toolkit/config/config_file.hpp"
#include "toolkit/options/cli.hpp"

namespace shmvideo::toolkit {

/// A key that some tool's option has; the table is made by script/generate from what the tools declare.
struct KnownKey {
  std::string_view key;
  std::string_view options;  ///< "shm-capture --fps"
};

/// A key of configurations that were written for other programs of this kind, and means nothing here.
struct KeyWithoutEffect {
  std::string_view key;
  std::string_view tool;  ///< that would have it
  std::string_view why;
};

const std::vector<KnownKey>& known_keys();
const std::vector<KeyWithoutEffect>& keys_without_effect();

/// "video", "vision.camera", "api.stream", and a section for each tool. What is elsewhere is left alone.
bool is_in_our_sections(std::string_view key);

/// Throws UsageError with file and line for a key in our sections that no tool has. `cli` knows this
/// tool's own.
void check_keys(const ConfigFile& file, const Cli& cli);

/// A sentence about each key of this tool's that is there and has no effect.
std::vector<std::string> remarks_on_keys(const ConfigFile& file, std::string_view tool);

}  // namespace shmvideo::toolkit
