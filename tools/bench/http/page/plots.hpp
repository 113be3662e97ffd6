// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "http/load_result.hpp"

namespace shmvideo::bench::http {

/// Neighbours are put together until there are at most `most`.
std::vector<Moment> thinned(std::vector<Moment> moments, std::size_t most);

std::string rate_plot(const LoadResult& result, const std::vector<Moment>& moments, Kind kind);
std::string latency_plot(const std::vector<Moment>& moments, Kind kind);
std::string latency_histogram(const Histogram& latency, Kind kind);

}  // namespace shmvideo::bench::http
