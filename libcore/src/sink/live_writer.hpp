// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shmvideo/error.hpp"
#include "shmvideo/report.hpp"

namespace shmvideo::sink {

/// Whether somebody publishes in a segment of that state, or would if he got on.
inline bool has_writer(SegmentState state) noexcept {
  return state == SegmentState::live || state == SegmentState::stalled;
}

/// The same of one that was found; false where it cannot be read, or is gone meanwhile. `guard` is borrowed.
inline bool has_writer(const FoundSegment& found, MappingGuard* guard) {
  try {
    return has_writer(report(found, guard).state);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace shmvideo::sink
