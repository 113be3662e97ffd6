// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace shmvideo::sink {

/// What came in over HTTP since the server started. The loop's thread only.
struct Traffic {
  std::uint64_t connections = 0;  ///< taken
  std::uint64_t requesting = 0;   ///< of them now open, but for those that streams took over

  /// By route (empty: none) and status. A stream counts when it takes its connection over, as 200.
  std::map<std::pair<std::string_view, unsigned>, std::uint64_t> requests;
  /// `route` is of static storage, and one of few: what a client made up would let this grow without end.
  void count(std::string_view route, unsigned status) { ++requests[{route, status}]; }
};

}  // namespace shmvideo::sink
