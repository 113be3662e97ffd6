// SPDX-License-Identifier: Apache-2.0
#include "http/load_text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "http/load_verdict.hpp"
#include "toolkit/messages/human.hpp"
#include "verdict/report_text.hpp"
#include "verdict/text_rows.hpp"

namespace shmvideo::bench::http {
namespace {

/// More clients than this are not listed all: the worst of them are.
constexpr std::size_t kListedMax = 24;

std::string crowd_text(std::size_t fast, std::size_t slow, std::size_t stalled, const std::string& url) {
  std::string text = clients_text(fast) + " of " + url;
  if (slow > 0) text += fmt::format(", beside {} slow", slow);
  if (stalled > 0) text += fmt::format("{} {} stalled", slow > 0 ? " and" : ", beside", stalled);
  return text;
}

std::string heading(const LoadResult& result) {
  const auto count = [&result](Kind kind) { return totals_of(result, kind).clients; };
  std::string time = fmt::format("{:.1f} s after {:g} s of warm-up{}", result.duration_s, result.warmup_s,
                                 result.ended_early ? ", ended early" : "");
  if (result.slow_rate > 0) {
    time += fmt::format("; slow ones read {}/s", toolkit::human_bytes(result.slow_rate));
  }
  return row("run", crowd_text(count(Kind::fast), count(Kind::slow), count(Kind::stalled), result.url)) +
         row("time", time);
}

std::string client_line(const ClientLoad& client) {
  const auto time = [&client](std::uint64_t value_ns) {
    return client.latencies > 0 ? short_time(value_ns) : std::string("-");
  };
  return fmt::format("{:>6} {:<7} {:>6.1f} {:>7} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>7}\n", client.client,
                     word_of(client.kind), client.fps, client.frames, client.broken_count(),
                     client.error_count(), time(client.p50_ns), time(client.p99_ns), time(client.max_ns),
                     short_time(client.longest_gap_ns), client.skipped);
}

std::string client_table(const LoadResult& result) {
  const auto listed = worst_of(result.clients, kListedMax, badness);
  std::string text =
      fmt::format("{:>6} {:<7} {:>6} {:>7} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>7}\n", "CLIENT", "KIND",
                  "FPS", "FRAMES", "BROKEN", "ERRORS", "P50", "P99", "MAX", "GAP", "SKIPPED");
  for (const ClientLoad* client : listed) text += client_line(*client);
  return text + left_out_text(listed.size(), result.clients.size());
}

std::string latency_text(const Histogram& latency) {
  if (latency.count() == 0) return "not told: the parts have no X-Timestamp";
  return percentiles_text(latency, 1);
}

std::string group_text(const GroupTotals& group, double duration_s) {
  const double bytes_per_s = duration_s > 0 ? static_cast<double>(group.bytes) / duration_s : 0;
  return fmt::format("{:.1f} / {:.1f} / {:.1f} fps (least, median, most), {}/s in all", group.fps_min,
                     group.fps_median, group.fps_max,
                     toolkit::human_bytes(static_cast<std::uint64_t>(bytes_per_s)));
}

std::string totals_text(const LoadResult& result) {
  const GroupTotals fast = totals_of(result, Kind::fast);
  const GroupTotals slow = totals_of(result, Kind::slow);
  const GroupTotals stalled = totals_of(result, Kind::stalled);
  const MistakeTotals mistakes = mistakes_of(result);
  std::string text = row("rate", group_text(fast, result.duration_s));
  text +=
      row("pictures", fmt::format("{} whole, {} broken, {} out of order; {} were not sent to somebody, {} "
                                  "came twice",
                                  fast.frames + slow.frames, mistakes.broken, mistakes.disordered,
                                  fast.skipped, fast.repeated));
  text += row("gaps", fmt::format("the longest {}; {} were above three of the usual intervals",
                                  short_time(fast.longest_gap_ns), fast.long_gaps));
  text += row("latency", latency_text(result.fast_latency));
  if (mistakes.from_future > 0) {
    text +=
        row("", fmt::format("{} pictures came before they were made: the clocks of server and tester do not "
                            "agree, or X-Timestamp is no time of day",
                            mistakes.from_future));
  }
  if (slow.clients > 0) {
    text += row("slow", group_text(slow, result.duration_s) + "; age " + latency_text(result.slow_latency));
  }
  if (stalled.clients > 0) {
    text += row("stalled", fmt::format("{} {} the server hung up on one", stalled.hang_ups,
                                       stalled.hang_ups == 1 ? "time" : "times"));
  }
  if (mistakes.reconnections > 0)
    text += row("again", fmt::format("{} reconnections", mistakes.reconnections));
  if (result.decoding.is_on) {
    text += row("decoded", fmt::format("{} pictures, {} of them damaged; {} passed over for want of time",
                                       result.decoding.decoded, result.decoding.undecodable,
                                       result.decoding.passed_over));
  }
  text += row("tester", fmt::format("{:.1f} % of a core, and {:.1f} % of the time waiting for one",
                                    result.cpu_percent, result.waited_percent));
  const std::string warning = warning_of(result);
  if (!warning.empty()) text += row("WARNING", warning);
  return text;
}

}  // namespace

std::string short_time(std::uint64_t duration_ns) {
  const double us = static_cast<double>(duration_ns) / 1e3;
  if (us < 999.5) return fmt::format("{:.0f}us", us);
  if (us < 99'950) return fmt::format("{:.1f}ms", us / 1e3);
  if (us < 999'500) return fmt::format("{:.0f}ms", us / 1e3);
  if (us < 99'950'000) return fmt::format("{:.1f}s", us / 1e6);
  return fmt::format("{:.0f}s", us / 1e6);
}

std::string crowd_text(const Plan& plan) {
  return crowd_text(plan.fast, plan.slow, plan.stalled, plan.target.url);
}

std::string to_text(const LoadResult& result, const Verdict& verdict) {
  std::string text = heading(result) + "\n" + client_table(result) + "\n" + totals_text(result) + "\n";
  text += fmt::format(
      "Concurrent Client Results:\n"
      "  Total Clients: {}\n"
      "  Average FPS per Client: {:.1f}\n"
      "  Total Errors: {}\n"
      "TEST RESULT: {}\n",
      result.clients.size(), totals_of(result, Kind::fast).fps_mean, mistakes_of(result).errors,
      verdict.word());
  for (const std::string& reason : verdict.reasons) text += "  " + reason + "\n";
  return text;
}

toolkit::ProgressReport report(const Glimpse& glimpse, const Plan& plan) {
  const auto time = [](double seconds) { return std::chrono::nanoseconds(std::llround(seconds * 1e9)); };
  if (!glimpse.is_measuring) {
    return {.elapsed = time(glimpse.elapsed_s),
            .duration = plan.warmup,
            .waiting_for = fmt::format("{} to warm up", clients_text(plan.fast + plan.slow + plan.stalled))};
  }
  return {.verb = "received",
          .done = glimpse.frames,
          .rate_note = fmt::format("least {:.1f}", glimpse.fps_min),
          .elapsed = time(glimpse.elapsed_s),
          .duration = plan.duration,
          .details = {fmt::format("{} streaming", clients_text(glimpse.streaming)),
                      fmt::format("p99 {}", short_time(glimpse.p99_ns))},
          .incidents = {{glimpse.errors, "errors"}, {glimpse.broken, "broken"}}};
}

}  // namespace shmvideo::bench::http
