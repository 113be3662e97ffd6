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

/// What a stream shows when its writer has gone.
enum class OnLoss {
  placeholder,  ///< The last frame, with a line that says since when and why.
  close,        ///< Nothing: it ends.
};

/// What a server serves with when a viewer does not say otherwise, and what it may say.
struct ServingDefaults {
  int quality = 85;
  Limits quality_limits{1, 100};  ///< within 1 to 100
  int fps = 30;
  Limits fps_limits{1, 60};
  /// Most pixels of a picture; 0: as many as the frame has.
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  /// Whether streams give way by themselves where a connection or the processor is too slow for them.
  bool is_adaptive = false;
  OnLoss on_loss = OnLoss::placeholder;
  /// How long a stream waits for a writer that is not there when it is asked for; 0: not at all.
  std::chrono::nanoseconds wait_for_writer{0};
  /// A frame older than this is not healthy.
  std::chrono::nanoseconds max_age = std::chrono::seconds(5);
  /// How long a request waits for the first frame of a writer that has none yet.
  std::chrono::nanoseconds first_picture_timeout = std::chrono::seconds(5);
  /// A message for every so many frames that a viewer got; unset: none.
  std::optional<std::uint64_t> frame_log_interval;
};

}  // namespace shmvideo::sink
