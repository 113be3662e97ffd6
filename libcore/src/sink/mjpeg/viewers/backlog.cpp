// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/backlog.hpp"

#include <algorithm>

namespace shmvideo::sink {
namespace {

/// Receivers make room in lumps: over less time than this, one of them would pass for a fast connection.
constexpr std::uint64_t kShortestNs = 200'000'000;
/// A connection that became slow has to be known as such before the next pictures are chosen; that it became
/// faster can wait for more lumps.
constexpr double kMemoryOfFasterNs = 2e8;
constexpr double kMemoryOfSlowerNs = 1e9;
constexpr std::uint64_t kDayNs = 86'400'000'000'000;
constexpr std::uint64_t kSoonestNs = 10'000'000;
constexpr std::uint64_t kSoonNs = 5'000'000;
constexpr std::uint64_t kLatestNs = 100'000'000;

}  // namespace

void Backlog::sample(std::uint64_t now_ns, std::uint64_t queued) noexcept {
  queued_ = std::min(queued, written_);
  // TLS, and the kernel for unix sockets, add to what was written: what was drained is no less for that.
  const std::uint64_t drained = std::max(written_ - queued_, began_drained_);
  had_time_to_spare_ |= queued_ == 0;
  if (began_ns_ != 0) {
    if (now_ns < began_ns_ + kShortestNs) return;
    is_measured_ = true;
    const auto elapsed_ns = static_cast<double>(now_ns - began_ns_);
    const double rate = static_cast<double>(drained - began_drained_) / elapsed_ns * 1e9;
    if (had_time_to_spare_) {
      drain_rate_ = std::max(drain_rate_, rate);  // it could have been more
    } else if (drain_rate_ == 0) {
      drain_rate_ = rate;
    } else {
      const double memory_ns = rate < drain_rate_ ? kMemoryOfFasterNs : kMemoryOfSlowerNs;
      drain_rate_ += (rate - drain_rate_) * elapsed_ns / (elapsed_ns + memory_ns);
    }
  }
  began_ns_ = now_ns;
  began_drained_ = drained;
  had_time_to_spare_ = queued_ == 0;
}

std::uint64_t Backlog::drain_ns() const noexcept {
  if (queued_ == 0) return 0;
  const double ns = static_cast<double>(queued_) / drain_rate_ * 1e9;  // infinite at 0
  return ns < static_cast<double>(kDayNs) ? static_cast<std::uint64_t>(ns) : kDayNs;
}

bool Backlog::drains_within(std::uint64_t delay_ns, std::uint64_t round_trip_ns) const noexcept {
  return drain_ns() <= delay_ns + round_trip_ns;
}

std::uint64_t Backlog::look_again_ns(std::uint64_t delay_ns, std::uint64_t round_trip_ns) const noexcept {
  if (!is_measured_) return kSoonNs;
  const std::uint64_t needed_ns = drain_ns();
  const std::uint64_t fine_ns = delay_ns + round_trip_ns;
  return std::clamp(needed_ns > fine_ns ? needed_ns - fine_ns : 0, kSoonestNs, kLatestNs);
}

}  // namespace shmvideo::sink
