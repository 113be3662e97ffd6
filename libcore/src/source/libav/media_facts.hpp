// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "source/pacer.hpp"

struct AVCodecParameters;

namespace shmvideo::source::media {

struct ParametersDeleter {
  void operator()(AVCodecParameters* parameters) const noexcept;
};
using Parameters = std::unique_ptr<AVCodecParameters, ParametersDeleter>;

/// What is known of the video in a medium once it is open.
struct MediaFacts {
  Parameters parameters;
  std::uint32_t timebase_numerator = 1;  ///< of its time stamps, seconds
  std::uint32_t timebase_denominator = 1'000'000;
  FrameRate rate{0, 1};      ///< numerator 0: unknown
  int rotation_degrees = 0;  ///< that the medium asks a player for, clockwise
  /// Has a beginning and an end, and waits: a file here or on a server. It plays by its time stamps.
  bool is_recorded = false;
  /// Comes when it comes, and does not wait for us.
  bool is_live = false;
  bool can_end = false;       ///< Its end is an end, and not a loss.
  bool can_rewind = false;    ///< It can be started over.
  bool has_own_times = true;  ///< Its time stamps are its own, and not guessed from a rate.
};

}  // namespace shmvideo::source::media
