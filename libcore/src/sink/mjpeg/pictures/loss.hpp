// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shmvideo/reader.hpp"

namespace shmvideo::sink {

/// Frames came, and come no more.
struct Loss {
  std::uint64_t since_realtime_ns = 0;   ///< when the last frame was captured
  std::uint64_t since_monotonic_ns = 0;  ///< the same
  std::string_view reason;               ///< for people, in a few words: "the writer died"
};

/// How long a writer that lives may have nothing before its viewers are told.
inline constexpr std::uint64_t kQuietMaxNs = 1'000'000'000;

/// Why no frames come; nothing while nothing is amiss. `quiet_ns`: how long there was none. A writer that has
/// died or stopped is lost at once; one that lives but has no camera, or does not get on, when that lasts.
std::optional<std::string_view> reason_of_loss(SegmentState state, std::uint32_t source_state,
                                               std::uint64_t quiet_ns) noexcept;

/// What a viewer is told, in lines: why, since when (the machine's local time), and for how long by now.
std::vector<std::string> words_of(const Loss& loss, std::uint64_t now_monotonic_ns);

}  // namespace shmvideo::sink
