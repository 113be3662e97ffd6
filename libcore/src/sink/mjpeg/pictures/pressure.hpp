// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shmvideo::sink {

/// Judges whether the processor is short, from how late pictures are begun and handed over and how busy the
/// encoder threads are. Its level is one for all streams of a server, so that all step down rather than some
/// starve.
///
/// Looks at whole windows of a second. Goes up a level after two bad ones in a row, so that the step before
/// has time to show; down after five good ones, and after more of them each time that going down was a
/// mistake. Pure: the caller gives all times (nanoseconds of one monotonic clock). One thread.
class Pressure {
 public:
  static constexpr int kLevelMax = 4;
  explicit Pressure(unsigned threads) noexcept : threads_(threads) {}

  /// One picture was made: when it was asked for, begun, ready, and back on the loop's thread.
  void add(std::uint64_t wanted_ns, std::uint64_t begun_ns, std::uint64_t made_ns,
           std::uint64_t back_ns) noexcept;
  /// 0: all is well; up to kLevelMax. As of the last picture: while none is made, nobody needs it.
  int level() const noexcept { return level_; }

 private:
  void close_windows(std::uint64_t now_ns) noexcept;
  void judge(bool is_bad, bool is_good) noexcept;

  unsigned threads_;
  std::uint64_t window_start_ns_ = 0;
  std::uint64_t count_ = 0;
  // Pictures that were:
  std::uint64_t begun_late_ = 0;
  std::uint64_t back_late_ = 0;
  std::uint64_t not_in_time_ = 0;  // with those that were late
  std::uint64_t busy_ns_ = 0;
  int level_ = 0;
  int bad_windows_ = 0;
  int good_windows_ = 0;
  int patience_ = kPatienceMin;  // good windows until the next step down
  int windows_since_down_ = kMistakeWindows;
  static constexpr int kPatienceMin = 5;
  static constexpr int kPatienceMax = 80;
  static constexpr int kMistakeWindows = 10;  // going up again within these, the step down was a mistake
};

}  // namespace shmvideo::sink
