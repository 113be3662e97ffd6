// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "options_door.hpp"
#include "shmvideo/name.hpp"
#include "sink/mjpeg/server.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::mjpeg {

/// What paths show that name no segment.
enum class Source { segment, camera };

struct Options {
  std::optional<SegmentName> segment;
  std::vector<SegmentName> more;
  bool all = false;
  Source source = Source::segment;
  std::string config;  ///< the file that --config named; empty: none
  DoorSettings door;
  std::optional<toolkit::Resolution> resolution;
  sink::ServingDefaults serving;  ///< all but what serving_of() adds
};

void define(toolkit::Cli& cli, Options& options);

sink::ServingDefaults serving_of(const Options& options);

}  // namespace shmvideo::mjpeg
