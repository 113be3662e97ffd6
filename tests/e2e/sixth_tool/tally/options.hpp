// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "shmvideo/name.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::tally {

struct TallyOptions {
  std::optional<SegmentName> name;
  std::chrono::nanoseconds timeout = std::chrono::seconds(5);
  toolkit::RunLimits limits;
  std::uint32_t every = 1;
};

void define(toolkit::Cli& cli, TallyOptions& options);

}  // namespace shmvideo::tally
