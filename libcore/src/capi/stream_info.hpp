// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shmvideo/frame_info.hpp"
#include "shmvideo/shmv_reader.h"

namespace shmvideo::capi {

shmv_stream_info to_c(const StreamInfo& stream) noexcept;
/// Checks and takes over what a caller filled. SHMV_OK or an error.
int from_c(const shmv_stream_info* given, StreamInfo& stream) noexcept;

}  // namespace shmvideo::capi
