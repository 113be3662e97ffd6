// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "toolkit/messages/progress_text.hpp"
#include "verdict/result.hpp"
#include "verdict/verdict.hpp"

namespace shmvideo::bench {

/// The whole result for people, in lines of at most 80 columns but for names and reasons.
std::string to_text(const Result& result, const Verdict& verdict);

/// "1 client", "20 clients".
std::string clients_text(std::size_t count);

/// How it goes: "read 3000 (600.0/s, least 29.8), 5.0 s of 10.0 s, 5 s left, 20 clients, ..."; or that its
/// clients have been warming up for `waited`.
toolkit::ProgressReport report(const Result& result, std::chrono::nanoseconds waited);

}  // namespace shmvideo::bench
