// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "sink/recording/recorder.hpp"

namespace shmvideo::record {

/// "recorded 300 frames (30.0/s), 10.0 s, 5.93 MiB, missed 0". The rate is of the time since `before`.
std::string describe(const sink::RecordingProgress& now, const sink::RecordingProgress& before,
                     std::chrono::nanoseconds between);

/// "wrote 300 frames (10.0 s, 5.93 MiB) to 'x.mp4'; missed 0; restarts 0"
std::string conclusion(const sink::RecordingProgress& now, const std::string& last_file);

/// Frames that are not in the recording, for whatever cause.
std::uint64_t lost(const sink::RecordingProgress& now);

/// One line on a terminal that is drawn anew; nothing where `is_wanted` is false.
class ProgressLine {
 public:
  explicit ProgressLine(bool is_wanted) noexcept : is_wanted_(is_wanted) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  bool is_wanted() const noexcept { return is_wanted_; }
  void draw(const std::string& text) noexcept;
  /// Before anything else is written there.
  void clear() noexcept;

 private:
  bool is_wanted_;
};

}  // namespace shmvideo::record
