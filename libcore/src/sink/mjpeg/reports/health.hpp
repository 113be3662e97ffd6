// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "sink/mjpeg/channel.hpp"

namespace shmvideo::sink {

/// Whether a segment has a fresh frame.
struct SegmentHealth {
  bool is_good = false;
  bool is_absent = false;
  std::string state;             ///< "absent" when it cannot be read, "idle" when a camera is not wanted
  std::optional<double> age_ms;  ///< of its newest frame, since that was captured
  std::string reason;            ///< why it is not good
};

/// Looks at the segment, without becoming a reader of it. A frame older than `max_age` is not fresh.
SegmentHealth health_of(const Channel& channel, std::chrono::nanoseconds max_age);

/// What /healthz says to the one who asks: of all together, and of each that it may see. Good when all of
/// them are and there is one at all. Beside a camera of the server's own, absent segments do not count.
struct Health {
  bool is_good = false;
  std::string json;  ///< one line: ok, age_ms (of the oldest), max_age_ms, segments [{name, ok, state,
                     ///< age_ms, reason}]
};
Health health_of(std::span<const Channel* const> channels, std::chrono::nanoseconds max_age,
                 const Access& asker);

}  // namespace shmvideo::sink
