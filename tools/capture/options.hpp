// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "shmvideo/name.hpp"
#include "shmvideo/pixel_format.hpp"
#include "toolkit/cli.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::capture {

/// What to do when a source that delivered does not any more.
enum class OnLoss { reconnect, exit };

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
  bool wait_device = false;
  OnLoss on_loss = OnLoss::reconnect;
  bool reconnect = false;
  bool no_reconnect = false;
  std::optional<std::uint32_t> max_reconnects;
  std::chrono::nanoseconds stall_timeout = std::chrono::seconds(5);

  bool reopens_after_loss() const {
    return (on_loss == OnLoss::reconnect || reconnect) && !no_reconnect && max_reconnects != 0U;
  }
};

void define(toolkit::Cli& cli, CaptureOptions& options);

}  // namespace shmvideo::capture
