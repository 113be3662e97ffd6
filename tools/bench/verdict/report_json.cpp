// SPDX-License-Identifier: Apache-2.0
#include "verdict/report_json.hpp"

#include <cmath>

#include "toolkit/json.hpp"

namespace shmvideo::bench {
namespace {

using toolkit::Json;

/// Three digits behind the point: what is measured is no more exact.
double rounded(double value) { return std::round(value * 1000) / 1000; }

Json latency_json(const Histogram& latency) {
  const auto us = [](std::uint64_t duration_ns) { return rounded(static_cast<double>(duration_ns) / 1000); };
  return {{"p50", us(latency.percentile_ns(50))},
          {"p90", us(latency.percentile_ns(90))},
          {"p99", us(latency.percentile_ns(99))},
          {"p999", us(latency.percentile_ns(99.9))},
          {"max", us(latency.max_ns())}};
}

Json use_json(const ProcessUse& use) {
  return {{"cpu_percent", rounded(use.cpu_percent)},
          {"private_bytes", use.private_bytes},
          {"private_growth_bytes", use.private_growth_bytes},
          {"shared_bytes", use.shared_bytes},
          {"descriptors", use.descriptors},
          {"descriptor_growth", use.descriptor_growth},
          {"processes", use.processes}};
}

Json client_json(const ClientResult& client) {
  Json json{{"client", client.client},
            {"fps", rounded(client.fps)},
            {"attached_s", rounded(client.attached_s)},
            {"frames", client.frames},
            {"missed", client.missed},
            {"overwritten", client.overwritten},
            {"torn", client.torn},
            {"misnumbered", client.misnumbered},
            {"disordered", client.disordered},
            {"checked", client.checked},
            {"attaches", client.lives},
            {"restarts", client.restarts},
            {"is_observer", client.is_observer},
            {"latency_us", latency_json(client.latency)}};
  json.update(use_json(client.use));
  return json;
}

Json writer_json(const WriterResult& writer) {
  Json json{{"is_own", writer.is_own},    {"published", writer.published},
            {"fps", rounded(writer.fps)}, {"nominal_fps", writer.nominal_fps},
            {"late", writer.late},        {"revoked", writer.revoked},
            {"dropped", writer.dropped}};
  if (!writer.is_own) return json;
  json["fill_ms"] = rounded(writer.fill_ms);
  json.update(use_json(writer.use));
  return json;
}

}  // namespace

std::string to_json(const Result& result, const Verdict& verdict) {
  const Totals totals = totals_of(result);
  Json json{{"verdict", verdict.word()},
            {"reasons", verdict.reasons},
            {"clients", result.clients.size()},
            {"duration_s", rounded(result.duration_s)},
            {"warmup_s", rounded(result.warmup_s)},
            {"ended_early", result.ended_early},
            {"segment", result.segment},
            {"segment_bytes", result.segment_bytes},
            {"picture", result.picture},
            {"source", result.source},
            {"grade", result.grade},
            {"order", result.order},
            {"content", result.content},
            {"churn", result.is_churning},
            {"chaos", result.is_chaotic},
            {"seed", result.seed},
            {"frames", totals.frames},
            {"missed", totals.missed},
            {"overwritten", totals.overwritten},
            {"torn", totals.torn},
            {"misnumbered", totals.misnumbered},
            {"disordered", totals.disordered},
            {"checked", totals.checked}};
  json["fps"] = {{"min", rounded(totals.fps_min)},
                 {"median", rounded(totals.fps_median)},
                 {"max", rounded(totals.fps_max)}};
  json["latency_us"] = latency_json(totals.latency);
  json["cpu_percent"] = rounded(totals.cpu_percent);
  json["proportional_bytes"] = result.proportional_bytes;
  json["observers"] = totals.observers;
  json["pauses"] = result.pauses;
  json["kills"] = result.kills;
  json["writer_restarts"] = result.writer_restarts;
  json["files_left"] = result.files_left;
  json["writer"] = writer_json(result.writer);
  json["machine"] = {{"cores", result.cores},
                     {"busy_percent", rounded(result.busy_percent)},
                     {"others_percent", rounded(result.others_percent)}};
  json["per_client"] = Json::array();
  for (const ClientResult& client : result.clients) json["per_client"].push_back(client_json(client));
  return toolkit::to_lines(json);
}

}  // namespace shmvideo::bench
