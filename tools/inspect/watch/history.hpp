// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "shmvideo/report.hpp"

namespace shmvideo::inspect {

/// What a reader did between the last two looks.
struct ReaderActivity {
  double frames_per_second = 0;
  double missed_share = 0;  ///< of the frames published meanwhile, 0 to 1
  bool is_stuck = false;    ///< it took none while there were new ones
};

/// What a sequence of looks at one segment tells beyond each of them.
class History {
 public:
  /// `now_ns` is of any clock that does not jump.
  void add(const SegmentReport& report, std::uint64_t now_ns);
  void add_absent(std::uint64_t now_ns);

  const SegmentReport* report() const { return report_ ? &*report_ : nullptr; }  ///< null: absent
  std::uint64_t absent_since_ns() const { return absent_since_ns_; }
  /// Frames published per second since the look before; nothing after the first look or a restart.
  std::optional<double> rate() const { return rate_; }
  /// One value a look, newest last: frames per second, and the newest frame's age in milliseconds.
  std::vector<double> rates() const { return {rates_.begin(), rates_.end()}; }
  std::vector<double> ages() const { return {ages_.begin(), ages_.end()}; }
  std::optional<ReaderActivity> activity(const ReaderReport& reader) const;

 private:
  void append(double rate, double age_ms);
  std::optional<SegmentReport> report_;
  std::optional<SegmentReport> previous_;
  double seconds_ = 0;  ///< between them
  std::uint64_t last_look_ns_ = 0;
  std::uint64_t absent_since_ns_ = 0;
  std::optional<double> rate_;
  std::deque<double> rates_;
  std::deque<double> ages_;
};

}  // namespace shmvideo::inspect
