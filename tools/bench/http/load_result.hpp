// SPDX-License-Identifier: Apache-2.0
// What a run against a server came to: plain values, the input of verdict and reports.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "http/counts.hpp"
#include "http/plan.hpp"
#include "http/timeline.hpp"
#include "ledger/histogram.hpp"

namespace shmvideo::bench::http {

struct ClientLoad {
  std::uint32_t client = 0;
  Kind kind = Kind::fast;
  double fps = 0;             ///< whole pictures a second of the measured time
  std::uint64_t frames = 0;   ///< whole pictures
  std::uint64_t bytes = 0;    ///< all that was received
  std::uint64_t skipped = 0;  ///< frame numbers that it was not sent
  std::uint64_t repeated = 0;
  std::uint64_t disordered = 0;
  std::uint64_t connections = 0;  ///< that came to be
  std::uint64_t hang_ups = 0;     ///< of a stalled one: how often the server had enough
  std::array<std::uint64_t, kErrorKinds> errors{};
  std::array<std::uint64_t, kFaults> faults{};
  std::uint64_t latencies = 0;  ///< how many the following are of
  std::uint64_t p50_ns = 0;
  std::uint64_t p90_ns = 0;
  std::uint64_t p99_ns = 0;
  std::uint64_t max_ns = 0;
  std::uint64_t longest_gap_ns = 0;  ///< between two pictures, or one and an end of the window
  std::uint64_t long_gaps = 0;       ///< above three of the usual intervals
  std::uint64_t from_future = 0;     ///< pictures whose time is after their arrival

  std::uint64_t error_count() const;
  std::uint64_t broken_count() const;
};

/// Pictures that were decoded beside the measurement.
struct Decoding {
  bool is_on = false;
  std::uint64_t decoded = 0;
  std::uint64_t passed_over = 0;  ///< there was no time for them
  std::uint64_t undecodable = 0;
  std::string newest_problem;
};

struct LoadResult {
  // What was asked for.
  std::string url;
  double wanted_fps = 0;  ///< 0: not told
  std::uint64_t slow_rate = 0;
  double warmup_s = 0;
  double wanted_s = 0;

  // What came of it.
  double duration_s = 0;
  bool ended_early = false;
  bool is_hopeless = false;  ///< ended because there was nobody to connect to
  std::vector<ClientLoad> clients;
  Histogram fast_latency;
  Histogram slow_latency;
  std::array<std::string, kErrorKinds> newest_errors;
  std::vector<Moment> moments;
  Decoding decoding;

  // The measuring thread itself.
  double cpu_percent = 0;     ///< of one core
  double waited_percent = 0;  ///< of the time, for a core to run on
};

/// Clients of one kind together.
struct GroupTotals {
  std::size_t clients = 0;
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  std::uint64_t skipped = 0;
  std::uint64_t repeated = 0;
  std::uint64_t long_gaps = 0;
  std::uint64_t longest_gap_ns = 0;
  std::uint64_t hang_ups = 0;
  double fps_mean = 0;
  double fps_min = 0;
  double fps_median = 0;
  double fps_max = 0;
};
GroupTotals totals_of(const LoadResult& result, Kind kind);

/// Of all clients.
struct MistakeTotals {
  std::uint64_t errors = 0;
  std::uint64_t broken = 0;
  std::uint64_t disordered = 0;
  std::uint64_t from_future = 0;
  std::uint64_t reconnections = 0;
};
MistakeTotals mistakes_of(const LoadResult& result);

/// The larger, the rather is a client listed where there is not room for all.
std::tuple<std::uint64_t, bool, std::uint64_t> badness(const ClientLoad& client) noexcept;

/// The rate that a fast client should have: what was told, else the fast clients' median.
double expected_fps(const LoadResult& result);

/// "no connection", "not a whole picture at its end"
const char* describe(ErrorKind kind) noexcept;
const char* describe(Fault fault) noexcept;
/// For programs: "connect", "no_end"
const char* word_of(ErrorKind kind) noexcept;
const char* word_of(Fault fault) noexcept;

}  // namespace shmvideo::bench::http
