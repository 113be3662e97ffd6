// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "shmvideo/name.hpp"
#include "sink/mjpeg/server.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::mjpeg {

struct Options {
  std::optional<SegmentName> segment;
  std::string host = "127.0.0.1";
  std::uint16_t port = 8000;
  sink::ServingDefaults serving;
};

void define(toolkit::Cli& cli, Options& options);

}  // namespace shmvideo::mjpeg
