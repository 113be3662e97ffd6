// SPDX-License-Identifier: Apache-2.0
#include "http/load_json.hpp"

#include <cmath>

#include "http/load_verdict.hpp"
#include "toolkit/json.hpp"

namespace shmvideo::bench::http {
namespace {

using toolkit::Json;

/// Three digits behind the point: what is measured is no more exact.
double rounded(double value) { return std::round(value * 1000) / 1000; }
double milliseconds(std::uint64_t duration_ns) { return rounded(static_cast<double>(duration_ns) / 1e6); }

Json latency_json(const Histogram& latency) {
  return {{"count", latency.count()},
          {"p50", milliseconds(latency.percentile_ns(50))},
          {"p90", milliseconds(latency.percentile_ns(90))},
          {"p99", milliseconds(latency.percentile_ns(99))},
          {"p999", milliseconds(latency.percentile_ns(99.9))},
          {"max", milliseconds(latency.max_ns())}};
}

Json group_json(const LoadResult& result, Kind kind, const Histogram& latency) {
  const GroupTotals totals = totals_of(result, kind);
  return {{"clients", totals.clients},
          {"frames", totals.frames},
          {"bytes", totals.bytes},
          {"skipped", totals.skipped},
          {"repeated", totals.repeated},
          {"fps",
           {{"mean", rounded(totals.fps_mean)},
            {"min", rounded(totals.fps_min)},
            {"median", rounded(totals.fps_median)},
            {"max", rounded(totals.fps_max)}}},
          {"latency_ms", latency_json(latency)},
          {"longest_gap_ms", milliseconds(totals.longest_gap_ns)},
          {"long_gaps", totals.long_gaps}};
}

Json errors_json(const std::array<std::uint64_t, kErrorKinds>& errors) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kErrorKinds; ++i) json[word_of(static_cast<ErrorKind>(i))] = errors[i];
  return json;
}

Json faults_json(const std::array<std::uint64_t, kFaults>& faults) {
  Json json = Json::object();
  for (std::size_t i = 1; i < kFaults; ++i) json[word_of(static_cast<Fault>(i))] = faults[i];
  return json;
}

Json client_json(const ClientLoad& client) {
  return {{"client", client.client},
          {"kind", word_of(client.kind)},
          {"fps", rounded(client.fps)},
          {"frames", client.frames},
          {"bytes", client.bytes},
          {"skipped", client.skipped},
          {"repeated", client.repeated},
          {"disordered", client.disordered},
          {"broken", client.broken_count()},
          {"errors", client.error_count()},
          {"connections", client.connections},
          {"hang_ups", client.hang_ups},
          {"latency_ms",
           {{"count", client.latencies},
            {"p50", milliseconds(client.p50_ns)},
            {"p90", milliseconds(client.p90_ns)},
            {"p99", milliseconds(client.p99_ns)},
            {"max", milliseconds(client.max_ns)}}},
          {"longest_gap_ms", milliseconds(client.longest_gap_ns)},
          {"long_gaps", client.long_gaps}};
}

template <std::size_t size>
std::array<std::uint64_t, size> sum(const LoadResult& result,
                                    std::array<std::uint64_t, size> ClientLoad::*member) {
  std::array<std::uint64_t, size> totals{};
  for (const ClientLoad& client : result.clients) {
    for (std::size_t i = 0; i < size; ++i) totals[i] += (client.*member)[i];
  }
  return totals;
}

}  // namespace

std::string to_json(const LoadResult& result, const Verdict& verdict) {
  const MistakeTotals mistakes = mistakes_of(result);
  Json json{{"verdict", verdict.word()},
            {"reasons", verdict.reasons},
            {"url", result.url},
            {"clients", result.clients.size()},
            {"duration_s", rounded(result.duration_s)},
            {"warmup_s", rounded(result.warmup_s)},
            {"ended_early", result.ended_early},
            {"wanted_fps", rounded(result.wanted_fps)},
            {"slow_rate", result.slow_rate},
            {"errors", mistakes.errors},
            {"broken", mistakes.broken},
            {"disordered", mistakes.disordered},
            {"from_future", mistakes.from_future},
            {"reconnections", mistakes.reconnections}};
  json["fast"] = group_json(result, Kind::fast, result.fast_latency);
  json["slow"] = group_json(result, Kind::slow, result.slow_latency);
  const GroupTotals stalled = totals_of(result, Kind::stalled);
  json["stalled"] = {{"clients", stalled.clients}, {"hang_ups", stalled.hang_ups}};
  json["errors_by_kind"] = errors_json(sum(result, &ClientLoad::errors));
  json["broken_by_kind"] = faults_json(sum(result, &ClientLoad::faults));
  if (result.decoding.is_on) {
    json["decoding"] = {{"decoded", result.decoding.decoded},
                        {"passed_over", result.decoding.passed_over},
                        {"undecodable", result.decoding.undecodable}};
  }
  json["tester"] = {{"cpu_percent", rounded(result.cpu_percent)},
                    {"waited_percent", rounded(result.waited_percent)},
                    {"was_limit", !warning_of(result).empty()}};
  json["per_client"] = Json::array();
  for (const ClientLoad& client : result.clients) json["per_client"].push_back(client_json(client));
  return toolkit::to_lines(json);
}

}  // namespace shmvideo::bench::http
