// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo::sink {

/// What was done for the viewers of a segment since the server started. The loop's thread only.
struct ServingCounters {
  std::uint64_t frames_served = 0;  ///< parts sent to the end, to all streams together
  std::uint64_t snapshots_served = 0;
  std::uint64_t bytes_sent = 0;  ///< of streams
  std::uint64_t encodes = 0;     ///< pictures encoded
  std::uint64_t copies = 0;      ///< JPEG frames taken as they are
  std::uint64_t revoked = 0;     ///< pictures thrown away since the writer took the frame back
  std::uint64_t failed = 0;      ///< frames that no picture could be made of

  ServingCounters& operator+=(const ServingCounters& other) noexcept {
    frames_served += other.frames_served;
    snapshots_served += other.snapshots_served;
    bytes_sent += other.bytes_sent;
    encodes += other.encodes;
    copies += other.copies;
    revoked += other.revoked;
    failed += other.failed;
    return *this;
  }
};

/// How the serving goes, for who wants to tell it.
struct ServingProgress {
  unsigned streams = 0;  ///< that are open
  ServingCounters counters;
};

}  // namespace shmvideo::sink
