// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "verdict/result.hpp"
#include "verdict/verdict.hpp"

namespace shmvideo::bench {

/// The whole result for people, in lines of at most 80 columns but for names and reasons.
std::string to_text(const Result& result, const Verdict& verdict);

/// "1 client", "20 clients".
std::string clients_text(std::size_t count);

/// How it goes, in one line: "12 s: 20 clients, 30.0 fps, ...".
std::string progress_text(const Result& result);

}  // namespace shmvideo::bench
