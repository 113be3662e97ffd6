// SPDX-License-Identifier: Apache-2.0
#include "verdict/result.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace shmvideo::bench {
namespace {

/// This many are named; the rest is counted.
constexpr std::size_t kNamedMax = 3;

}  // namespace

Totals totals_of(const Result& result) {
  Totals totals;
  std::vector<double> rates;
  for (const ClientResult& client : result.clients) {
    totals.frames += client.frames;
    totals.missed += client.missed;
    totals.overwritten += client.overwritten;
    totals.torn += client.torn;
    totals.misnumbered += client.misnumbered;
    totals.disordered += client.disordered;
    totals.checked += client.checked;
    totals.observers += client.is_observer;
    totals.cpu_percent += client.use.cpu_percent;
    totals.latency.merge(client.latency);
    rates.push_back(client.fps);
  }
  if (rates.empty()) return totals;
  std::ranges::sort(rates);
  totals.fps_min = rates.front();
  totals.fps_median = (rates[(rates.size() - 1) / 2] + rates[rates.size() / 2]) / 2;
  totals.fps_max = rates.back();
  return totals;
}

std::string names_of(const std::vector<std::uint32_t>& clients) {
  std::string names;
  for (std::size_t i = 0; i < std::min(clients.size(), kNamedMax); ++i) {
    names += (i == 0 ? "" : ", ") + std::to_string(clients[i]);
  }
  if (clients.empty()) return names;
  if (clients.size() > kNamedMax) names += fmt::format(" and {} more", clients.size() - kNamedMax);
  return (clients.size() == 1 ? "client " : "clients ") + names;
}

}  // namespace shmvideo::bench
