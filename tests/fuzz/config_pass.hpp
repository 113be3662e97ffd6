// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shmvideo_test {

/// A configuration with every kind of value in it, to begin from.
std::string sample_config();

/// Reads `text` as a configuration and sets options of every type from it; gives how many it set. What is
/// refused must be refused with a sentence of one line that begins with the file's name; anything else ends
/// the process.
std::size_t config_pass(std::string_view text);

}  // namespace shmvideo_test
