// SPDX-License-Identifier: Apache-2.0
#include "http/load_result.hpp"

#include <algorithm>
#include <numeric>

namespace shmvideo::bench::http {
namespace {

template <typename Counts>
std::uint64_t sum(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

}  // namespace

std::uint64_t ClientLoad::error_count() const { return sum(errors); }
std::uint64_t ClientLoad::broken_count() const { return sum(faults); }

GroupTotals totals_of(const LoadResult& result, Kind kind) {
  GroupTotals totals;
  std::vector<double> rates;
  for (const ClientLoad& client : result.clients) {
    if (client.kind != kind) continue;
    ++totals.clients;
    totals.frames += client.frames;
    totals.bytes += client.bytes;
    totals.skipped += client.skipped;
    totals.repeated += client.repeated;
    totals.long_gaps += client.long_gaps;
    totals.longest_gap_ns = std::max(totals.longest_gap_ns, client.longest_gap_ns);
    totals.hang_ups += client.hang_ups;
    rates.push_back(client.fps);
  }
  if (rates.empty()) return totals;
  std::ranges::sort(rates);
  totals.fps_mean = std::accumulate(rates.begin(), rates.end(), 0.0) / static_cast<double>(rates.size());
  totals.fps_min = rates.front();
  totals.fps_median = rates[rates.size() / 2];
  totals.fps_max = rates.back();
  return totals;
}

MistakeTotals mistakes_of(const LoadResult& result) {
  MistakeTotals totals;
  for (const ClientLoad& client : result.clients) {
    totals.errors += client.error_count();
    totals.broken += client.broken_count();
    totals.disordered += client.disordered;
    totals.from_future += client.from_future;
    totals.reconnections += client.connections - std::min<std::uint64_t>(client.connections, 1);
  }
  return totals;
}

std::tuple<std::uint64_t, bool, std::uint64_t> badness(const ClientLoad& client) noexcept {
  return {client.error_count() + client.broken_count(), client.kind == Kind::fast, client.longest_gap_ns};
}

double expected_fps(const LoadResult& result) {
  return result.wanted_fps > 0 ? result.wanted_fps : totals_of(result, Kind::fast).fps_median;
}

const char* describe(ErrorKind kind) noexcept {
  constexpr const char* kTexts[kErrorKinds] = {"no connection", "too late", "an answer that is no stream",
                                               "a stream that ended", "nonsense"};
  return kTexts[static_cast<std::size_t>(kind)];
}

const char* describe(Fault fault) noexcept {
  constexpr const char* kTexts[kFaults] = {"whole",
                                           "empty",
                                           "without a JPEG's beginning (SOI)",
                                           "without a JPEG's end (EOI)",
                                           "not as long as said",
                                           "that cannot be decoded"};
  return kTexts[static_cast<std::size_t>(fault)];
}

const char* word_of(ErrorKind kind) noexcept {
  constexpr const char* kWords[kErrorKinds] = {"connect", "timeout", "status", "closed", "malformed"};
  return kWords[static_cast<std::size_t>(kind)];
}

const char* word_of(Fault fault) noexcept {
  constexpr const char* kWords[kFaults] = {"none",   "empty",        "no_start",
                                           "no_end", "wrong_length", "undecodable"};
  return kWords[static_cast<std::size_t>(fault)];
}

}  // namespace shmvideo::bench::http
