// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "source/frame_source.hpp"
#include "source/libav/media_source.hpp"

namespace shmvideo::source::media {

/// Passes the coded frames of a medium on as they are: JPEG pictures, H.264 and H.265 as Annex B with
/// their parameter sets before each key frame. Its open() refuses other codecs.
std::unique_ptr<FrameSource> make_coded_source(const MediaOptions& options);

}  // namespace shmvideo::source::media
