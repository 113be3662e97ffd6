// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "shmvideo/name.hpp"
#include "shmvideo/pixel_format.hpp"
#include "toolkit/cli.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::capture {

struct CaptureOptions {
  std::string device = "0";
  SegmentName name{"billiards_video"};
  std::optional<toolkit::Resolution> resolution;
  std::optional<toolkit::Rate> rate;
  PixelFormat format = PixelFormat::bgr24;
  std::uint32_t slots = 6;
  toolkit::FileMode mode{0640};
  std::string group;
  bool fast = false;
  bool loop = false;
  toolkit::RunLimits limits;
};

void define(toolkit::Cli& cli, CaptureOptions& options);

}  // namespace shmvideo::capture
