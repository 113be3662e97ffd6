// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/load_result.hpp"
#include "verdict/verdict.hpp"

namespace shmvideo::bench::http {

/// Above this share of a core the figures may be those of the tester and not of the server.
constexpr double kTesterLimitPercent = 80;

/// What is to be said of a run: errors, broken and disordered pictures, fast clients that had less than
/// kRateFloor of the rate that they should have, pauses of ten seconds, slow clients that got nothing.
Verdict judge(const LoadResult& result);

/// A sentence where the tester itself was the limit, else nothing.
std::string warning_of(const LoadResult& result);

}  // namespace shmvideo::bench::http
