// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codec/libav/handles.hpp"
#include "source/libav/media_source.hpp"

namespace shmvideo::source::media {

/// What libavformat is told when it opens a location: how to reach it, and what raw frames are.
void set_open_options(const MediaOptions& media, codec::libav::Options& options);

/// Why a location could not be opened, as one sentence that says what can be done.
std::string explain_failure(const MediaOptions& media, int error_code);

}  // namespace shmvideo::source::media
