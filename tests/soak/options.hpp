// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace soak {

struct Options {
  // When it is enough: when all of these are reached.
  std::uint64_t frames = 0;       ///< published, and as many looked at
  std::uint64_t attachments = 0;  ///< readers that came
  double seconds = 0;
  double limit_seconds = 0;  ///< given up by then, with FAIL; 0: never
  // What goes on.
  std::uint32_t readers = 100;
  std::uint64_t frame_bytes = 32768;  ///< the largest; sizes vary
  double rate = 0;                    ///< frames a second of each writer; 0: in bursts, as fast as it goes
  std::uint64_t visit_frames = 16;    ///< a visitor stays for up to so many
  double blow_seconds = 0.02;         ///< time between two blows: kills, stops, restarts
  std::uint64_t seed = 0;             ///< 0: another one each time
  double report_seconds = 30;
};

/// Reads the command line; on wrong use says so and ends the process with status 2.
Options parse_options(int argc, char** argv);

}  // namespace soak
