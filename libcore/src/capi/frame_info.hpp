// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shmvideo/frame_info.hpp"
#include "shmvideo/shmv_frame.h"

namespace shmvideo::capi {

shmv_frame_info to_c(const FrameInfo& info) noexcept;
/// The way back, of what a caller filled; what publishing sets is left out.
FrameInfo from_c(const shmv_frame_info& info) noexcept;
/// As SHMV_FRAME_INFO_INIT, of which C++ warns.
shmv_frame_info initial_frame_info() noexcept;

}  // namespace shmvideo::capi
