// SPDX-License-Identifier: Apache-2.0
#include "verdict/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <tuple>

#include "toolkit/messages/human.hpp"
#include "verdict/text_rows.hpp"

namespace shmvideo::bench {
namespace {

using toolkit::human_bytes;

/// More clients than this are not listed all: the worst of them are.
constexpr std::size_t kListedMax = 24;

/// "85us", "1.24ms", "340ms", "2.1s": as short as a table needs it.
std::string short_time(std::uint64_t duration_ns) {
  const double us = static_cast<double>(duration_ns) / 1e3;
  if (us < 999.5) return fmt::format("{:.0f}us", us);
  if (us < 9'995) return fmt::format("{:.2f}ms", us / 1e3);
  if (us < 99'950) return fmt::format("{:.1f}ms", us / 1e3);
  if (us < 999'500) return fmt::format("{:.0f}ms", us / 1e3);
  return fmt::format("{:.1f}s", us / 1e6);
}

std::string signed_bytes(std::int64_t bytes) {
  return bytes == 0 ? "0 B"
                    : (bytes < 0 ? "-" : "+") + human_bytes(static_cast<std::uint64_t>(std::abs(bytes)));
}

std::string heading(const Result& result) {
  std::string text = fmt::format("{} of '{}', {}, {}", clients_text(result.clients.size()), result.segment,
                                 result.grade, result.order == "newest" ? "newest first" : "in order");
  if (result.is_churning) text += ", with churn";
  if (result.is_chaotic) text += ", with chaos";
  std::string picture = result.picture + ", " + (result.source.empty() ? "source not told" : result.source);
  if (result.writer.nominal_fps > 0) picture += fmt::format(", {:g} fps nominal", result.writer.nominal_fps);
  return row("run", text) + row("picture", picture) +
         row("time", fmt::format("{:.1f} s after {:g} s of warm-up{}, seed {}", result.duration_s,
                                 result.warmup_s, result.ended_early ? ", ended early" : "", result.seed));
}

std::string client_line(const ClientResult& client) {
  const Histogram& latency = client.latency;
  return fmt::format("{:>6} {:>6.1f} {:>8} {:>7} {:>5} {:>7} {:>7} {:>7} {:>7} {:>5.1f} {:>4}\n",
                     client.client, client.fps, client.frames, client.missed,
                     client.torn + client.misnumbered, short_time(latency.percentile_ns(50)),
                     short_time(latency.percentile_ns(99)), short_time(latency.percentile_ns(99.9)),
                     short_time(latency.max_ns()), client.use.cpu_percent, client.use.descriptors);
}

std::string client_table(const Result& result) {
  const auto listed = worst_of(result.clients, kListedMax, [](const ClientResult& client) {
    return std::tuple(client.torn + client.misnumbered, client.missed, client.latency.max_ns());
  });
  std::string text =
      fmt::format("{:>6} {:>6} {:>8} {:>7} {:>5} {:>7} {:>7} {:>7} {:>7} {:>5} {:>4}\n", "CLIENT", "FPS",
                  "FRAMES", "MISSED", "TORN", "P50", "P99", "P99.9", "MAX", "CPU%", "FDS");
  for (const ClientResult* client : listed) text += client_line(*client);
  return text + left_out_text(listed.size(), result.clients.size());
}

std::string frames_text(const Result& result, const Totals& totals) {
  std::string text = fmt::format("{} delivered, {} missed", totals.frames, totals.missed);
  if (totals.overwritten)
    text += fmt::format(" ({} of them overwritten while they were read)", totals.overwritten);
  text += fmt::format(", {} torn", totals.torn);
  if (result.content != "stamps") text += fmt::format(", {} misnumbered", totals.misnumbered);
  if (totals.disordered) text += fmt::format(", {} out of order", totals.disordered);
  if (totals.checked == totals.frames) return text + "; the content of all was checked";
  if (totals.checked == 0) return text + "; numbers were checked, the content could not be";
  return text + fmt::format("; the content of {} was checked", totals.checked);
}

std::string memory_text(const Result& result) {
  std::uint64_t most = 0;
  std::int64_t growth = 0;
  int descriptors = 0;
  for (const ClientResult& client : result.clients) {
    most = std::max(most, client.use.private_bytes);
    growth = std::max(growth, client.use.private_growth_bytes);
    descriptors = std::max(descriptors, client.use.descriptor_growth);
  }
  return fmt::format(
      "at most {} private in one client, growth {}; {} in all with their share of the segment ({}); "
      "descriptors +{}",
      human_bytes(most), signed_bytes(growth), human_bytes(result.proportional_bytes),
      human_bytes(result.segment_bytes), descriptors);
}

std::string writer_text(const WriterResult& writer) {
  std::string text = fmt::format("{} published ({:.1f} fps)", writer.published, writer.fps);
  if (writer.is_own)
    text += fmt::format(", {} left out as late, {:.2f} ms to fill one", writer.late, writer.fill_ms);
  if (writer.dropped) text += fmt::format(", {} dropped", writer.dropped);
  return text + fmt::format(", {} holds taken back", writer.revoked);
}

std::string totals_text(const Result& result, const Totals& totals) {
  std::string text;
  text += row("rate", fmt::format("{:.1f} / {:.1f} / {:.1f} fps (least, median, most)", totals.fps_min,
                                  totals.fps_median, totals.fps_max));
  text += row("frames", frames_text(result, totals));
  text += row("latency", percentiles_text(totals.latency, 3) + " from publishing to reader");
  text += row("writer", writer_text(result.writer));
  std::string cpu = fmt::format("clients {:.1f} % of a core together", totals.cpu_percent);
  if (result.writer.is_own) cpu += fmt::format(", writer {:.1f} %", result.writer.use.cpu_percent);
  cpu += fmt::format("; {} cores were {:.0f} % busy, {:.0f} % with other programs", result.cores,
                     result.busy_percent, result.others_percent);
  text += row("cpu", cpu) + row("memory", memory_text(result));
  if (totals.observers)
    text += row("observers", fmt::format("{} clients found no room in the table of readers and cannot hold",
                                         totals.observers));
  if (result.is_chaotic) {
    text += row(
        "chaos",
        fmt::format(
            "{} times a client was stopped for a while, {} times one was killed; {} restarts of the writer{}",
            result.pauses, result.kills, result.writer_restarts,
            result.writer.is_own ? "" : ", which is not ours"));
  }
  return text;
}

}  // namespace

std::string to_text(const Result& result, const Verdict& verdict) {
  std::string text = heading(result) + "\n" + client_table(result) + "\n" +
                     totals_text(result, totals_of(result)) + "\n" + verdict.word() + "\n";
  for (const std::string& reason : verdict.reasons) text += "  " + reason + "\n";
  return text;
}

std::string clients_text(std::size_t count) {
  return fmt::format("{} {}", count, count == 1 ? "client" : "clients");
}

toolkit::ProgressReport report(const Result& result, std::chrono::nanoseconds waited) {
  if (result.duration_s <= 0) {
    return {.elapsed = waited,
            .waiting_for = fmt::format("{} to warm up", clients_text(result.clients.size()))};
  }
  const Totals totals = totals_of(result);
  const auto time = [](double seconds) { return std::chrono::nanoseconds(std::llround(seconds * 1e9)); };
  return {.verb = "read",
          .done = totals.frames,
          .rate_note = fmt::format("least {:.1f}", totals.fps_min),
          .elapsed = time(result.duration_s),
          .duration = time(result.wanted_s),
          .details = {clients_text(result.clients.size()),
                      fmt::format("p99 {}", short_time(totals.latency.percentile_ns(99))),
                      fmt::format("cpu {:.0f} %", totals.cpu_percent + result.writer.use.cpu_percent)},
          .loss_verb = "missed",
          .losses = {{totals.missed - std::min(totals.overwritten, totals.missed), "not looked at in time"},
                     {totals.overwritten, "overwritten while read"}},
          .incidents = {{totals.torn + totals.misnumbered, "torn"}, {result.incidents.size(), "incidents"}}};
}

}  // namespace shmvideo::bench
