// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shmvideo/reader.hpp"
#include "shmvideo/shmv_reader.h"

namespace shmvideo::capi {

inline int to_c(ReadStatus status) noexcept {
  switch (status) {
    case ReadStatus::frame:
      return SHMV_OK;
    case ReadStatus::timeout:
      return SHMV_TIMEOUT;
    case ReadStatus::stalled:
      return SHMV_STALLED;
    case ReadStatus::writer_gone:
      return SHMV_WRITER_GONE;
    case ReadStatus::closed:
      return SHMV_CLOSED;
  }
  return SHMV_TIMEOUT;
}

inline int to_c(SegmentState state) noexcept {
  switch (state) {
    case SegmentState::live:
      return SHMV_SEGMENT_LIVE;
    case SegmentState::stalled:
      return SHMV_SEGMENT_STALLED;
    case SegmentState::dead:
      return SHMV_SEGMENT_DEAD;
    case SegmentState::closed:
      return SHMV_SEGMENT_CLOSED;
  }
  return SHMV_SEGMENT_DEAD;
}

}  // namespace shmvideo::capi
