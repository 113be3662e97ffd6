// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "sink/recording/recorded_frame.hpp"

struct AVCodecParameters;

namespace shmvideo::sink {

struct ParametersDeleter {
  void operator()(AVCodecParameters* parameters) const noexcept;
};
using OwnedParameters = std::unique_ptr<AVCodecParameters, ParametersDeleter>;

/// What a container says of a track of frames like `first`: codec, size, pixel format, colours.
OwnedParameters make_parameters(const RecordedFrame& first, int codec_id);

// FFmpeg's values for the colours of frames like `first`.
int colour_range_of(const RecordedFrame& first) noexcept;
int colour_matrix_of(const RecordedFrame& first) noexcept;

}  // namespace shmvideo::sink
