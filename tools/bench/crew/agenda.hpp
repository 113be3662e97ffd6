// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <utility>

namespace shmvideo::bench {

/// What is to be done when. One thread.
class Agenda {
 public:
  void at(std::uint64_t time_ns, std::function<void()> action) {
    entries_.emplace(time_ns, std::move(action));
  }
  void clear() { entries_.clear(); }
  std::uint64_t next_ns() const {
    return entries_.empty() ? std::numeric_limits<std::uint64_t>::max() : entries_.begin()->first;
  }
  /// Does what is due, which may add to the agenda.
  void run_due(std::uint64_t now_ns) {
    while (next_ns() <= now_ns) {
      const auto entry = entries_.extract(entries_.begin());
      entry.mapped()();
    }
  }

 private:
  std::multimap<std::uint64_t, std::function<void()>> entries_;
};

}  // namespace shmvideo::bench
