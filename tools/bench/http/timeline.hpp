// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace shmvideo::bench::http {

/// What one kind of clients got in a while.
struct GroupMoment {
  double fps_mean = 0;  ///< of a client
  double fps_min = 0;
  double fps_max = 0;
  std::uint64_t bytes = 0;      ///< of pictures
  std::uint64_t latencies = 0;  ///< how many the following stand for
  std::uint64_t p50_ns = 0;
  std::uint64_t p90_ns = 0;
  std::uint64_t p99_ns = 0;
  std::uint64_t max_ns = 0;
};

/// What happened in a while: a second, or several.
struct Moment {
  double begin_s = 0;  ///< since the window was opened
  double seconds = 0;
  GroupMoment fast;
  GroupMoment slow;
  std::uint64_t errors = 0;
  double cpu_percent = 0;  ///< of the thread that measures
};

/// Both together. Rates and the median are averages then; of all else it is the worse that is kept, as
/// percentiles cannot be added.
Moment merged(const Moment& a, const Moment& b);

/// Second after second, in bounded memory: of a long run several seconds are one moment.
class Timeline {
 public:
  static constexpr std::size_t kMomentsMax = 2048;

  void add(const Moment& moment);
  /// With what is left over at the end.
  std::vector<Moment> moments() const;

 private:
  std::vector<Moment> moments_;
  std::size_t stride_ = 1;  // moments that were added for one that is kept
  std::size_t gathered_ = 0;
  std::optional<Moment> pending_;
};

}  // namespace shmvideo::bench::http
