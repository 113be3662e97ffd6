// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace shmvideo::source::media {

/// When a frame is due, in units of the stream, what stands before it, and what it took.
struct Stamps {
  std::optional<std::int64_t> due;  ///< what orders frames: of coded ones the decoding time
  std::int64_t until_shown = 0;     ///< from then to the presentation time
  std::int64_t duration = 0;        ///< 0: unknown
  std::int64_t arrival_ns = 0;
  std::uint64_t dropped_before = 0;
  bool is_first_of_pass = false;
  std::uint64_t read_ns = 0;  ///< what getting it took, see FrameSource::read_ns()
};

}  // namespace shmvideo::source::media
