// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "shmvideo/name.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::inspect {

struct InspectOptions {
  std::optional<SegmentName> name;
  bool all = false;
  bool json = false;
  bool names = false;
  bool watch = false;
  std::chrono::nanoseconds interval = std::chrono::seconds(1);
  toolkit::RunLimits limits;
  std::chrono::nanoseconds wait{0};
  std::optional<std::filesystem::path> save;
  bool picture = false;
  bool perf = false;
  bool metrics = false;
  bool remove = false;
  bool layout = false;
};

void define(toolkit::Cli& cli, InspectOptions& options);

}  // namespace shmvideo::inspect
