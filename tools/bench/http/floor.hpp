// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "http/counts.hpp"
#include "http/plan.hpp"
#include "http/timers.hpp"

namespace shmvideo::bench::http {

/// What all clients of a run stand on and share: they are called one after the other, by one thread.
struct Floor {
  explicit Floor(const Plan& what) : plan(what), timers(what.fast + what.slow + what.stalled) {}

  GroupCounts& group(Kind kind) { return kind == Kind::fast ? fast : slow; }

  const Plan& plan;
  const std::string request = request_of(plan.target);
  int epoll = -1;  ///< clients add their sockets with their index
  Timers timers;   ///< of clients, by their index
  /// What is read goes here, whoever reads: nothing of it is kept beyond the call.
  std::vector<char> buffer = std::vector<char>(256 * 1024);
  GroupCounts fast;
  GroupCounts slow;
  std::array<std::string, kErrorKinds> newest_errors;  ///< what was said of the newest of each kind
  std::uint64_t errors = 0;
  /// Where pictures are to be looked at: gets each, for as long as the call lasts.
  std::function<void(std::span<const char> picture)> look_at_picture;
};

}  // namespace shmvideo::bench::http
