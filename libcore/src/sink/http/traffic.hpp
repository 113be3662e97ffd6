// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace shmvideo::sink {

/// What came in over HTTP since the server started. The loop's thread only.
struct Traffic {
  std::uint64_t connections = 0;  ///< taken
  std::uint64_t open = 0;         ///< of them now, those that streams took over among them
  std::uint64_t requesting = 0;   ///< of them now, but for those that streams took over
  std::uint64_t streams = 0;      ///< of them now, those that streams took over

  /// Those open now, by the address that they are counted for; only addresses that have some.
  std::unordered_map<std::string, unsigned> open_by_address;
  std::uint64_t turning_away = 0;  ///< of those open now: they are only told that there are too many

  // Turned away, by the limit that was reached.
  std::uint64_t over_clients = 0;
  std::uint64_t over_clients_per_address = 0;
  std::uint64_t over_streams = 0;

  std::uint64_t late_headers = 0;      ///< requests that did not come to their end in time
  std::uint64_t idle_ends = 0;         ///< connections that were closed since nothing was asked any more
  std::uint64_t failed_greetings = 0;  ///< TLS that did not come about

  /// By route (empty: none) and status. A stream counts when it takes its connection over, as 200.
  std::map<std::pair<std::string_view, unsigned>, std::uint64_t> requests;
  /// `route` is of static storage, and one of few: what a client made up would let this grow without end.
  void count(std::string_view route, unsigned status) { ++requests[{route, status}]; }
};

}  // namespace shmvideo::sink
