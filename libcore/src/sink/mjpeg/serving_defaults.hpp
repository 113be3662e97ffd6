// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace shmvideo::sink {

/// What a viewer may ask for, both ends included.
struct Limits {
  int low;
  int high;
};

/// What a server serves with when a viewer does not say otherwise, and what it may say.
struct ServingDefaults {
  int quality = 85;
  Limits quality_limits{1, 100};  ///< within 1 to 100
  int fps = 30;
  Limits fps_limits{1, 60};
  /// How long a request waits for the first frame of a writer that has none yet.
  std::chrono::nanoseconds first_picture_timeout = std::chrono::seconds(5);
  /// A message for every so many frames that a viewer got; unset: none.
  std::optional<std::uint64_t> frame_log_interval;
};

}  // namespace shmvideo::sink
