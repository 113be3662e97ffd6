// SPDX-License-Identifier: Apache-2.0
// What reports for people are made of, whatever was measured.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "ledger/histogram.hpp"

namespace shmvideo::bench {

/// "title     text", broken into lines that keep the indentation.
std::string row(const std::string& title, const std::string& text);

/// "p50 1.2, p90 1.3, p99 1.4, p99.9 1.5, max 2.0 ms", with so many decimals.
std::string percentiles_text(const Histogram& latency, int decimals);

/// Clients in their order; of more than `most`, only the worst, those first. They are borrowed.
template <typename Client, typename Badness>
std::vector<const Client*> worst_of(const std::vector<Client>& clients, std::size_t most, Badness badness) {
  std::vector<const Client*> listed;
  for (const Client& client : clients) listed.push_back(&client);
  if (listed.size() <= most) return listed;
  std::ranges::sort(listed, std::greater(), [&badness](const Client* client) { return badness(*client); });
  listed.resize(most);
  return listed;
}

/// A line below a table that lists `listed` of `all` clients; empty when these are all.
std::string left_out_text(std::size_t listed, std::size_t all);

}  // namespace shmvideo::bench
