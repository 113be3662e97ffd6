// SPDX-License-Identifier: Apache-2.0
#include "http/page/plots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "http/load_text.hpp"
#include "http/page/chart.hpp"

namespace shmvideo::bench::http {
namespace {

/// What a long run's seconds are better told in.
struct TimeUnit {
  double seconds = 1;
  const char* name = "seconds";
};

TimeUnit unit_for(const std::vector<Moment>& moments) {
  const double end = moments.empty() ? 0 : moments.back().begin_s + moments.back().seconds;
  if (end > 3 * 3600) return {3600, "hours"};
  if (end > 300) return {60, "minutes"};
  return {};
}

double milliseconds(std::uint64_t duration_ns) { return static_cast<double>(duration_ns) / 1e6; }

const GroupMoment& group_of(const Moment& moment, Kind kind) {
  return kind == Kind::fast ? moment.fast : moment.slow;
}

double middle(const Moment& moment, const TimeUnit& unit) {
  return (moment.begin_s + moment.seconds / 2) / unit.seconds;
}

template <typename Text>
std::vector<Hover> hovers(const std::vector<Moment>& moments, const TimeUnit& unit, const Text& text) {
  std::vector<Hover> all;
  for (const Moment& moment : moments) {
    const double end_s = moment.begin_s + moment.seconds;
    all.push_back({moment.begin_s / unit.seconds, end_s / unit.seconds,
                   fmt::format("{:.0f} to {:.0f} s: {}", moment.begin_s, end_s, text(moment))});
  }
  return all;
}

}  // namespace

std::vector<Moment> thinned(std::vector<Moment> moments, std::size_t most) {
  while (moments.size() > most) {
    std::vector<Moment> half;
    for (std::size_t i = 0; i < moments.size(); i += 2) {
      half.push_back(i + 1 < moments.size() ? merged(moments[i], moments[i + 1]) : moments[i]);
    }
    moments = std::move(half);
  }
  return moments;
}

std::string rate_plot(const LoadResult& result, const std::vector<Moment>& moments, Kind kind) {
  const TimeUnit unit = unit_for(moments);
  Chart chart{.title = kind == Kind::fast ? "Rate" : "Rate of slow clients",
              .x_label = unit.name,
              .y_label = "pictures a second of a client"};
  Series mean{"mean", "one", {{}}};
  Band band{"from the slowest to the fastest client", "one", {}, {}};
  for (const Moment& moment : moments) {
    const GroupMoment& group = group_of(moment, kind);
    const double x = middle(moment, unit);
    mean.runs[0].push_back({x, group.fps_mean});
    band.low.push_back({x, group.fps_min});
    band.high.push_back({x, group.fps_max});
  }
  if (moments.empty()) mean.runs.clear();
  if (kind == Kind::fast && result.wanted_fps > 0 && !moments.empty()) {
    const double end = (moments.back().begin_s + moments.back().seconds) / unit.seconds;
    chart.series.push_back({"wanted", "wanted", {{{0, result.wanted_fps}, {end, result.wanted_fps}}}});
  }
  chart.series.push_back(std::move(mean));
  if (moments.size() > 1) chart.bands.push_back(std::move(band));
  chart.hovers = hovers(moments, unit, [kind](const Moment& moment) {
    const GroupMoment& group = group_of(moment, kind);
    return fmt::format("{:.1f} fps, slowest {:.1f}, fastest {:.1f}; {} errors", group.fps_mean, group.fps_min,
                       group.fps_max, moment.errors);
  });
  return to_html(chart);
}

std::string latency_plot(const std::vector<Moment>& moments, Kind kind) {
  const TimeUnit unit = unit_for(moments);
  Chart chart{.title = kind == Kind::fast ? "Latency" : "Age of what slow clients get",
              .x_label = unit.name,
              .y_label = "milliseconds from capture to client",
              .is_y_log = true};
  struct Line {
    const char* name;
    const char* css;
    std::uint64_t GroupMoment::*value;
  };
  constexpr Line kLines[] = {{"max", "four", &GroupMoment::max_ns},
                             {"p99", "three", &GroupMoment::p99_ns},
                             {"p90", "two", &GroupMoment::p90_ns},
                             {"p50", "one", &GroupMoment::p50_ns}};
  for (const Line& line : kLines) {
    Series series{line.name, line.css, {}};
    bool is_broken = true;
    for (const Moment& moment : moments) {
      const GroupMoment& group = group_of(moment, kind);
      const bool has_value = group.latencies > 0 && group.*line.value > 0;
      if (has_value && is_broken) series.runs.emplace_back();
      if (has_value) series.runs.back().push_back({middle(moment, unit), milliseconds(group.*line.value)});
      is_broken = !has_value;
    }
    chart.series.push_back(std::move(series));
  }
  chart.hovers = hovers(moments, unit, [kind](const Moment& moment) {
    const GroupMoment& group = group_of(moment, kind);
    if (group.latencies == 0) return std::string("no picture");
    return fmt::format("p50 {}, p90 {}, p99 {}, max {}", short_time(group.p50_ns), short_time(group.p90_ns),
                       short_time(group.p99_ns), short_time(group.max_ns));
  });
  return to_html(chart);
}

std::string latency_histogram(const Histogram& latency, Kind kind) {
  constexpr double kBarsOfDecade = 24;
  Chart chart{.title = kind == Kind::fast ? "How latency is spread"
                                          : "How the age of what slow clients get is spread",
              .x_label = "milliseconds from capture to client",
              .y_label = "percent of pictures",
              .is_x_log = true};
  std::map<int, std::uint64_t> bars;
  for (std::size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    if (latency.count_in(bucket) == 0) continue;
    const double end = milliseconds(std::min(Histogram::upper_ns(bucket), latency.max_ns()) + 1);
    bars[static_cast<int>(std::floor(std::log10(end) * kBarsOfDecade))] += latency.count_in(bucket);
  }
  for (const auto& [bar, count] : bars) {
    const double from = std::pow(10, bar / kBarsOfDecade);
    const double to = std::pow(10, (bar + 1) / kBarsOfDecade);
    const double share = 100 * static_cast<double>(count) / static_cast<double>(latency.count());
    chart.bars.push_back(
        {from, to, share, fmt::format("{:.3g} to {:.3g} ms: {} pictures, {:.2f} %", from, to, count, share)});
  }
  if (latency.count() > 0) {
    for (const auto& [percent, name] : {std::pair(50.0, "p50"), {99.0, "p99"}}) {
      const std::uint64_t value = latency.percentile_ns(percent);
      chart.marks.push_back({milliseconds(value), fmt::format("{} {}", name, short_time(value))});
    }
  }
  return to_html(chart);
}

}  // namespace shmvideo::bench::http
