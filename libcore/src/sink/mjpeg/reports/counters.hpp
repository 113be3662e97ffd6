// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo::sink {

/// What was done for the viewers of a segment since the server started. The loop's thread only.
struct ServingCounters {
  std::uint64_t frames_received = 0;  ///< taken from the segment
  std::uint64_t frames_served = 0;    ///< parts sent to the end, to all streams together
  std::uint64_t snapshots_served = 0;
  std::uint64_t raw_frames_served = 0;
  std::uint64_t bytes_sent = 0;  ///< of streams
  std::uint64_t encodes = 0;     ///< pictures encoded
  std::uint64_t copies = 0;      ///< JPEG frames taken as they are
  std::uint64_t deliveries = 0;  ///< pictures handed to streams and for single answers
  std::uint64_t cache_hits = 0;  ///< of these, those that had been handed to somebody else before
  std::uint64_t revoked = 0;     ///< pictures thrown away since the writer took the frame back
  std::uint64_t failed = 0;      ///< frames that no picture could be made of
  // Frames that came while a stream was open and were not sent on it, see Skips.
  std::uint64_t skipped_not_due = 0;
  std::uint64_t skipped_slow = 0;
  std::uint64_t skipped_processor = 0;
  std::uint64_t skipped_late = 0;

  ServingCounters& operator+=(const ServingCounters& other) noexcept {
    frames_received += other.frames_received;
    frames_served += other.frames_served;
    snapshots_served += other.snapshots_served;
    raw_frames_served += other.raw_frames_served;
    bytes_sent += other.bytes_sent;
    encodes += other.encodes;
    copies += other.copies;
    deliveries += other.deliveries;
    cache_hits += other.cache_hits;
    revoked += other.revoked;
    failed += other.failed;
    skipped_not_due += other.skipped_not_due;
    skipped_slow += other.skipped_slow;
    skipped_processor += other.skipped_processor;
    skipped_late += other.skipped_late;
    return *this;
  }
};

/// How the serving goes, for who wants to tell it.
struct ServingProgress {
  unsigned streams = 0;  ///< that are open
  ServingCounters counters;
};

}  // namespace shmvideo::sink
