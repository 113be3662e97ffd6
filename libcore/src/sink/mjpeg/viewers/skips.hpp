// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo::sink {

/// Frames that came between two pictures of a stream and were not sent, by cause.
struct Skips {
  std::uint64_t not_due = 0;    ///< more than the viewer's rate
  std::uint64_t slow = 0;       ///< due, while the connection was not done with the picture before
  std::uint64_t processor = 0;  ///< due, and no picture of them was made in time
  std::uint64_t late = 0;       ///< older than the viewer's max_delay when they would have been sent

  std::uint64_t all() const noexcept { return not_due + slow + processor + late; }
  Skips& operator+=(const Skips& other) noexcept {
    not_due += other.not_due;
    slow += other.slow;
    processor += other.processor;
    late += other.late;
    return *this;
  }
};

/// Explains a gap of `frames` between two pictures whose frames were captured `elapsed_ns` apart, for a
/// viewer with a picture every `interval_ns` whose connection was busy for `busy_ns` of that time.
Skips explain_gap(std::uint64_t frames, std::uint64_t elapsed_ns, std::uint64_t interval_ns,
                  std::uint64_t busy_ns) noexcept;

}  // namespace shmvideo::sink
