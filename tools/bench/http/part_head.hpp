// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace shmvideo::bench::http {

/// What the head of a part tells, as far as it matters here.
struct PartHead {
  std::optional<std::uint64_t> length;                ///< Content-Length
  std::optional<std::uint64_t> number;                ///< X-Frame-Number
  std::optional<std::uint64_t> captured_realtime_ns;  ///< X-Timestamp
  /// An X-Timestamp from long ago, as mjpg-streamer passes on what the driver says, which is the time since
  /// the machine was started. Not where it is 0.
  std::optional<std::uint64_t> captured_monotonic_ns;
  /// ustreamer's X-UStreamer-Grab-Time, by CLOCK_MONOTONIC_RAW: hundreds of milliseconds off the other after
  /// hours.
  std::optional<std::uint64_t> captured_raw_ns;
};

/// Takes one line of a head, without its end. False if it is a Content-Length that is no number, or no
/// believable one; other lines that make no sense are passed over.
///
/// Lines of parts are read by these few lines and not by Beast, whose parser reads whole messages: it
/// would need a status line that no part has, a copy of each head in one piece, and memory for each.
bool read_head_line(std::string_view line, PartHead& head) noexcept;

}  // namespace shmvideo::bench::http
