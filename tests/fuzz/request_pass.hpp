// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "answer_check.hpp"

namespace shmvideo_test {

/// One client's life, as `bytes` tells it: in what pieces it sends, whether frames come meanwhile, how it
/// leaves (two bytes), and what it sends (the others). Gives what it was answered. Ends the process when an
/// answer is no HTTP, when the connection does not come to its end, or when a socket is left.
AnswerCounts request_pass(std::span<const std::uint8_t> bytes);

/// Takes a target apart and gives its parameters to a route's; ends the process when what comes of it is not
/// what query.hpp and parameters.hpp promise.
void target_pass(std::string_view text);

/// Requests as clients send them, to begin from.
std::vector<std::string> sample_requests();

}  // namespace shmvideo_test
