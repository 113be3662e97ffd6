// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace shmvideo::bench::http {

/// One alarm for each of `count` owners, by time. Not thread-safe.
class Timers {
 public:
  explicit Timers(std::size_t count) : times_(count, kNone) {}

  /// Instead of what was set for it.
  void set(std::uint32_t owner, std::uint64_t time_ns) {
    clear(owner);
    times_[owner] = time_ns;
    queue_.emplace(time_ns, owner);
  }
  void clear(std::uint32_t owner) {
    if (times_[owner] != kNone) queue_.erase({times_[owner], owner});
    times_[owner] = kNone;
  }
  std::uint64_t next_ns() const { return queue_.empty() ? kNone : queue_.begin()->first; }
  /// Whose alarm is due; it is not set any more then.
  std::optional<std::uint32_t> take_due(std::uint64_t now_ns) {
    if (next_ns() > now_ns || queue_.empty()) return std::nullopt;
    const std::uint32_t owner = queue_.begin()->second;
    clear(owner);
    return owner;
  }

 private:
  static constexpr std::uint64_t kNone = UINT64_MAX;
  std::vector<std::uint64_t> times_;
  std::set<std::pair<std::uint64_t, std::uint32_t>> queue_;
};

}  // namespace shmvideo::bench::http
