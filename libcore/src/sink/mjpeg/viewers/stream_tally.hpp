// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sink/mjpeg/viewers/rate_meter.hpp"
#include "sink/mjpeg/viewers/skips.hpp"

namespace shmvideo::sink {

/// What one stream sent and what it did not, in all and over the last seconds. Times are nanoseconds of the
/// monotonic clock, given by the caller; costs no allocation.
class StreamTally {
 public:
  explicit StreamTally(std::uint64_t now_ns) noexcept
      : connected_ns_(now_ns),
        fps_(now_ns),
        byte_rate_(now_ns),
        published_(now_ns),
        slow_(now_ns),
        processor_(now_ns),
        late_(now_ns) {}

  /// A picture was sent to the end; `lag_ns` is what it needed for that from its capture on.
  void sent(std::uint64_t now_ns, std::uint64_t bytes, std::uint64_t lag_ns) noexcept {
    ++frames_;
    sent_bytes(now_ns, bytes);
    fps_.count(now_ns);
    lag_ns_ = lag_ns;
  }
  void sent_bytes(std::uint64_t now_ns, std::uint64_t count) noexcept {
    bytes_ += count;
    byte_rate_.count(now_ns, count);
  }
  /// So many frames came from the source, the one that is sent now among them.
  void published(std::uint64_t now_ns, std::uint64_t count) noexcept { published_.count(now_ns, count); }
  void skipped(std::uint64_t now_ns, const Skips& skips) noexcept {
    skips_ += skips;
    if (skips.slow > 0) slow_.count(now_ns, skips.slow);
    if (skips.processor > 0) processor_.count(now_ns, skips.processor);
    if (skips.late > 0) late_.count(now_ns, skips.late);
  }

  double fps(std::uint64_t now_ns) const noexcept { return fps_.per_second(now_ns); }
  double bytes_per_second(std::uint64_t now_ns) const noexcept { return byte_rate_.per_second(now_ns); }
  double source_fps(std::uint64_t now_ns) const noexcept { return published_.per_second(now_ns); }
  double slow_per_second(std::uint64_t now_ns) const noexcept { return slow_.per_second(now_ns); }
  double processor_per_second(std::uint64_t now_ns) const noexcept { return processor_.per_second(now_ns); }
  double late_per_second(std::uint64_t now_ns) const noexcept { return late_.per_second(now_ns); }
  std::uint64_t connected_ns() const noexcept { return connected_ns_; }
  std::uint64_t frames() const noexcept { return frames_; }
  std::uint64_t bytes() const noexcept { return bytes_; }
  /// Of the last picture.
  std::uint64_t lag_ns() const noexcept { return lag_ns_; }
  const Skips& skips() const noexcept { return skips_; }

 private:
  std::uint64_t connected_ns_;
  std::uint64_t frames_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t lag_ns_ = 0;
  Skips skips_;
  RateMeter fps_;
  RateMeter byte_rate_;
  RateMeter published_;
  RateMeter slow_;
  RateMeter processor_;
  RateMeter late_;
};

}  // namespace shmvideo::sink
