// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shmvideo_bench {

/// CLOCK_MONOTONIC, the same in all processes.
std::uint64_t now_ns() noexcept;
/// Sleeps until that time; returns at once when it is past.
void sleep_until(std::uint64_t monotonic_ns) noexcept;
/// Processor time of this process so far.
double cpu_seconds() noexcept;

/// What is told of a set of measured times; all 0 when there are none.
struct Summary {
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double p999 = 0;
  double max = 0;
};
Summary summarise(std::vector<double> values);
double median(std::vector<double> values);

/// How a figure varied over the repetitions.
struct Spread {
  double min = 0;
  double median = 0;
  double max = 0;
};
Spread spread_of(const std::vector<double>& values);

/// "0.98 / 1.02 / 1.10"; three significant digits or so.
std::string to_text(const Spread& spread);
/// "1.2 / 3.4 / 5.6 / 78" for p50, p99, p99.9, max.
std::string to_text(const Summary& summary);
/// "1.2 / 5.6" for p50, p99.
std::string middle_and_tail(const std::vector<double>& values);
/// A number with as many decimals as make sense.
std::string to_text(double value);

/// Prints a Markdown table row by row, so that an interrupted run shows what it has.
class Table {
 public:
  explicit Table(const std::vector<std::string>& head);
  void row(const std::vector<std::string>& cells) const;
};

}  // namespace shmvideo_bench
