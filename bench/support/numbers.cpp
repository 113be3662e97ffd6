// SPDX-License-Identifier: Apache-2.0
#include "support/numbers.hpp"

#include <fmt/core.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>

namespace shmvideo_bench {
namespace {

double at(const std::vector<double>& sorted, double part) {
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1) + 0.5)];
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

std::uint64_t now_ns() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

void sleep_until(std::uint64_t monotonic_ns) noexcept {
  const timespec until{static_cast<time_t>(monotonic_ns / 1'000'000'000U),
                       static_cast<long>(monotonic_ns % 1'000'000'000U)};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

double cpu_seconds() noexcept {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Summary summarise(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  return {at(values, 0.5), at(values, 0.9), at(values, 0.99), at(values, 0.999), values.back()};
}

double median(std::vector<double> values) { return summarise(std::move(values)).p50; }

Spread spread_of(const std::vector<double>& values) {
  if (values.empty()) return {};
  return {*std::min_element(values.begin(), values.end()), median(values),
          *std::max_element(values.begin(), values.end())};
}

std::string to_text(double value) {
  const double size = value < 0 ? -value : value;
  return fmt::format("{:.{}f}", value, size < 10 ? 2 : size < 100 ? 1 : 0);
}

std::string to_text(const Spread& spread) {
  return to_text(spread.min) + " / " + to_text(spread.median) + " / " + to_text(spread.max);
}

std::string to_text(const Summary& summary) {
  return to_text(summary.p50) + " / " + to_text(summary.p99) + " / " + to_text(summary.p999) + " / " +
         to_text(summary.max);
}

std::string middle_and_tail(const std::vector<double>& values) {
  const Summary summary = summarise(values);
  return to_text(summary.p50) + " / " + to_text(summary.p99);
}

Table::Table(const std::vector<std::string>& head) {
  row(head);
  row(std::vector<std::string>(head.size(), "---"));
}

void Table::row(const std::vector<std::string>& cells) const {
  fmt::print("| {} |\n", fmt::join(cells, " | "));
  std::fflush(stdout);
}

}  // namespace shmvideo_bench
