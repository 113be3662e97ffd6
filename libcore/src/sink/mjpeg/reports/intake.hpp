// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shmvideo/report.hpp"

namespace shmvideo::sink {

class Channels;

/// Whether a server gets the frames that a segment has, from looks at it now and then. A plain value.
class Intake {
 public:
  using Clock = std::chrono::steady_clock;

  struct Look {
    bool is_wanted = false;                 ///< somebody watches, so frames are to be read
    std::uint64_t received = 0;             ///< frames so far
    std::optional<std::uint64_t> newest{};  ///< number of the newest frame; nothing: no writer that lives
  };

  void look(const Look& look, Clock::time_point now) noexcept;
  /// For how long the writer has published and nothing was received, although frames were wanted; 0: it is
  /// not so.
  std::chrono::nanoseconds missing_for(Clock::time_point now) const noexcept;

 private:
  std::uint64_t received_ = 0;
  std::uint64_t newest_ = 0;
  std::optional<Clock::time_point> since_;  // frames have been published that were not received
};

/// How a server does, for its supervisor and a line of status.
struct ServingHealth {
  struct Segment {
    std::string name;
    bool is_private = false;                ///< the server's own camera
    std::optional<SegmentReport> report{};  ///< nothing: it cannot be read, or has no writer that lives
  };
  std::vector<Segment> segments;
  unsigned streams = 0;                     ///< that are open
  std::chrono::nanoseconds missing_for{0};  ///< the longest of all segments, see Intake
};

/// Looks at all that a server serves. The loop's thread only.
class IntakeWatch {
 public:
  ServingHealth look(const Channels& channels);

 private:
  std::map<std::string, Intake, std::less<>> intakes_;
};

}  // namespace shmvideo::sink
