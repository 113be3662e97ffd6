// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "http/engine.hpp"
#include "http/load_result.hpp"
#include "toolkit/messages/progress_text.hpp"
#include "verdict/verdict.hpp"

namespace shmvideo::bench::http {

/// The whole result for people, in lines of at most 80 columns but for names, URLs and reasons.
std::string to_text(const LoadResult& result, const Verdict& verdict);

/// "20 clients of http://...", "20 clients of http://..., beside 50 slow and 20 stalled"
std::string crowd_text(const Plan& plan);

/// How it goes.
toolkit::ProgressReport report(const Glimpse& glimpse, const Plan& plan);

/// "85us", "1.24ms", "340ms", "2.1s": as short as a table needs it.
std::string short_time(std::uint64_t duration_ns);

}  // namespace shmvideo::bench::http
