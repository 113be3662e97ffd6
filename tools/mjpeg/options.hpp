// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
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

/// Who may come in, as it is asked for.
struct AccessWishes {
  std::optional<std::filesystem::path> auth_file;
  std::vector<std::string> origins;
  std::optional<std::filesystem::path> static_folder;
};

struct Options {
  std::optional<SegmentName> segment;
  std::vector<SegmentName> more;
  bool all = false;
  Source source = Source::segment;
  std::string config;  ///< the file that --config named; empty: none
  DoorSettings door;
  std::optional<toolkit::Resolution> resolution;
  AccessWishes access;
  sink::ServingDefaults serving;  ///< all but what serving_of() adds
};

void define(toolkit::Cli& cli, Options& options);
/// The part of it about who may come in: options_access.cpp.
void define_access(toolkit::Cli& cli, AccessWishes& access);

sink::AccessOptions access_of(const Options& options);
sink::ServingDefaults serving_of(const Options& options);

}  // namespace shmvideo::mjpeg
