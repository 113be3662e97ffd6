// SPDX-License-Identifier: Apache-2.0
#include "verdict/text_rows.hpp"

#include <fmt/format.h>

#include "toolkit/text.hpp"

namespace shmvideo::bench {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kTitleColumns = 10;

}  // namespace

std::string row(const std::string& title, const std::string& text) {
  std::string rows;
  for (const std::string& line : toolkit::wrap(text, kColumns - kTitleColumns)) {
    rows += fmt::format("{:<{}}{}\n", rows.empty() ? title : "", kTitleColumns, line);
  }
  return rows;
}

std::string percentiles_text(const Histogram& latency, int decimals) {
  const auto ms = [&](double percent) {
    return fmt::format("{:.{}f}", static_cast<double>(latency.percentile_ns(percent)) / 1e6, decimals);
  };
  return fmt::format("p50 {}, p90 {}, p99 {}, p99.9 {}, max {} ms", ms(50), ms(90), ms(99), ms(99.9),
                     ms(100));
}

std::string left_out_text(std::size_t listed, std::size_t all) {
  return listed == all ? "" : fmt::format("       (the worst {} of {}; --json has all)\n", listed, all);
}

}  // namespace shmvideo::bench
