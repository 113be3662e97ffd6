// SPDX-License-Identifier: Apache-2.0
#include "http/page/page.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <fstream>

#include "http/load_text.hpp"
#include "http/load_verdict.hpp"
#include "http/page/chart.hpp"
#include "http/page/plots.hpp"
#include "http/page/style.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/version.hpp"
#include "toolkit/messages/human.hpp"
#include "verdict/text_rows.hpp"

namespace shmvideo::bench::http {
namespace {

/// So many points have room in a plot.
constexpr std::size_t kMomentsMax = 400;
constexpr std::size_t kListedMax = 500;

std::string tile(const std::string& value, const std::string& what) {
  return fmt::format("<div class=\"tile\"><b>{}</b><span>{}</span></div>\n", escaped(value), escaped(what));
}

std::string tiles(const LoadResult& result) {
  const GroupTotals fast = totals_of(result, Kind::fast);
  const MistakeTotals mistakes = mistakes_of(result);
  const Histogram& latency = result.fast_latency;
  const auto time = [&latency](double percent) {
    return latency.count() > 0 ? short_time(latency.percentile_ns(percent)) : std::string("not told");
  };
  return "<div class=\"tiles\">\n" +
         tile(fmt::format("{:.2f}", fast.fps_mean), "fps per client, on average") +
         tile(fmt::format("{:.2f}", fast.fps_min), "fps of the slowest") +
         tile(fmt::format("{}", mistakes.errors), "errors") +
         tile(fmt::format("{}", mistakes.broken + mistakes.disordered), "broken or out of order") +
         tile(time(50), "latency, half of all") + tile(time(99), "latency, 99 of 100") +
         tile(short_time(fast.longest_gap_ns), "longest gap") +
         tile(fmt::format("{:.0f} %", result.cpu_percent), "of a core for the tester") + "</div>\n";
}

std::string heading(const LoadResult& result, const Verdict& verdict) {
  const auto count = [&result](Kind kind) { return totals_of(result, kind).clients; };
  std::string html = fmt::format("<h1>shm-bench: <span class=\"{0}\">{0}</span></h1>\n", verdict.word());
  html += fmt::format(
      "<p class=\"quiet\">{} &middot; {} fast, {} slow, {} stalled clients &middot; {} after {:g} s of "
      "warm-up{}</p>\n",
      escaped(result.url), count(Kind::fast), count(Kind::slow), count(Kind::stalled),
      toolkit::human_duration(std::chrono::nanoseconds(std::llround(result.duration_s * 1e9))),
      result.warmup_s, result.ended_early ? ", ended early" : "");
  if (!verdict.is_pass()) {
    html += "<div class=\"reasons\">\n";
    for (const std::string& reason : verdict.reasons) html += "<p>" + escaped(reason) + "</p>\n";
    html += "</div>\n";
  }
  const std::string warning = warning_of(result);
  if (!warning.empty()) html += "<div class=\"warning\"><p>" + escaped(warning) + "</p></div>\n";
  return html;
}

std::string plots(const LoadResult& result) {
  const std::vector<Moment> moments = thinned(result.moments, kMomentsMax);
  std::string html = rate_plot(result, moments, Kind::fast);
  if (result.fast_latency.count() > 0) {
    html += latency_plot(moments, Kind::fast) + latency_histogram(result.fast_latency, Kind::fast);
  } else {
    html += "<p class=\"quiet\">Latency is not told: the parts have no X-Timestamp.</p>\n";
  }
  if (totals_of(result, Kind::slow).clients == 0) return html;
  html += fmt::format("<h2>Slow clients</h2>\n<p class=\"quiet\">Each reads {} a second.</p>\n",
                      toolkit::human_bytes(result.slow_rate));
  html += rate_plot(result, moments, Kind::slow);
  if (result.slow_latency.count() > 0) {
    html += latency_plot(moments, Kind::slow) + latency_histogram(result.slow_latency, Kind::slow);
  }
  return html;
}

std::string client_row(const ClientLoad& client) {
  const auto time = [&client](std::uint64_t value_ns) {
    return client.latencies > 0 ? short_time(value_ns) : std::string("&ndash;");
  };
  const auto mistakes = [](std::uint64_t count) {
    return fmt::format("<td{}>{}</td>", count > 0 ? " class=\"bad\"" : "", count);
  };
  return fmt::format(
      "<tr><td>{}</td><td "
      "class=\"word\">{}</td><td>{:.2f}</td><td>{}</td>{}{}{}<td>{}</td><td>{}</td><td>{}</td>"
      "<td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
      client.client, word_of(client.kind), client.fps, client.frames, mistakes(client.broken_count()),
      mistakes(client.disordered), mistakes(client.error_count()), time(client.p50_ns), time(client.p90_ns),
      time(client.p99_ns), time(client.max_ns), short_time(client.longest_gap_ns), client.long_gaps,
      client.skipped);
}

std::string client_table(const LoadResult& result) {
  const auto listed = worst_of(result.clients, kListedMax, badness);
  std::string note;
  if (listed.size() < result.clients.size()) {
    note = fmt::format("<p class=\"quiet\">The worst {} of {} clients.</p>\n", listed.size(),
                       result.clients.size());
  }
  std::string html =
      "<h2>Clients</h2>\n" + note +
      "<div class=\"scroll\"><table>\n<tr><th>client</th><th "
      "class=\"word\">kind</th><th>fps</th><th>frames</th>"
      "<th>broken</th><th>disordered</th><th>errors</th><th>p50</th><th>p90</th><th>p99</th><th>max</th>"
      "<th>longest gap</th><th>long gaps</th><th>skipped</th></tr>\n";
  for (const ClientLoad* client : listed) html += client_row(*client);
  return html + "</table></div>\n";
}

constexpr const char* kNotes =
    "<h2>How to read it</h2>\n<p class=\"quiet\">Latency is from X-Timestamp to the last byte of the picture "
    "at the "
    "client, by the clocks of both machines. Where several seconds are one point, rates and p50 are "
    "averages, and of "
    "p90, p99 and max the worst is shown. A long gap is one above three of the usual intervals. Skipped are "
    "frame "
    "numbers that were not sent to the client.</p>\n";

[[noreturn]] void fail_to_write(const std::filesystem::path& path, int error) {
  throw Error(ErrorCode::system, "--report: cannot write " + path.string(), error);
}

std::filesystem::path fresh_path(const std::filesystem::path& path) { return path.string() + ".new"; }

void write_fresh(const std::filesystem::path& path, const std::string& page) {
  errno = 0;
  std::ofstream out(fresh_path(path), std::ios::binary | std::ios::trunc);
  out << page;
  out.close();
  if (!out) fail_to_write(path, errno);
}

}  // namespace

std::string to_page(const LoadResult& result, const Verdict& verdict) {
  return fmt::format(
             "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<title>{}: {}</title>\n<style>{}</style></head>\n<body><main>\n",
             verdict.word(), escaped(result.url), kStyle) +
         heading(result, verdict) + tiles(result) + plots(result) + client_table(result) + kNotes +
         fmt::format("<p class=\"quiet\">Made by shm-bench {}.</p>\n</main></body></html>\n", version());
}

void check_writable(const std::filesystem::path& path) {
  write_fresh(path, {});
  std::error_code ignored;
  std::filesystem::remove(fresh_path(path), ignored);
}

void write_page(const std::filesystem::path& path, const std::string& page) {
  write_fresh(path, page);
  std::error_code error;
  std::filesystem::rename(fresh_path(path), path, error);
  if (error) fail_to_write(path, error.value());
}

}  // namespace shmvideo::bench::http
