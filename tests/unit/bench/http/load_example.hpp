// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/load_result.hpp"

namespace shmvideo_test {

/// Ten seconds of fast clients at 30 frames a second in which nothing went wrong.
inline shmvideo::bench::http::LoadResult good_load(std::uint32_t clients = 3) {
  using namespace shmvideo::bench::http;
  LoadResult result;
  result.url = "http://localhost:8080/stream/video";
  result.warmup_s = 1;
  result.duration_s = result.wanted_s = 10;
  for (std::uint32_t i = 0; i < clients; ++i) {
    ClientLoad client;
    client.client = i;
    client.fps = 30;
    client.frames = client.latencies = 300;
    client.bytes = 300 * 100'000;
    client.connections = 1;
    client.p50_ns = client.p90_ns = 5'000'000;
    client.p99_ns = client.max_ns = 9'000'000;
    client.longest_gap_ns = 40'000'000;
    result.clients.push_back(client);
    for (int k = 0; k < 300; ++k) result.fast_latency.record(5'000'000 + 10'000 * k);
  }
  for (int i = 0; i < 10; ++i) {
    Moment moment;
    moment.begin_s = i;
    moment.seconds = 1;
    moment.fast = {30, 29, 31, 9'000'000, 90, 5'000'000, 6'000'000, 8'000'000, 9'000'000};
    result.moments.push_back(moment);
  }
  return result;
}

}  // namespace shmvideo_test
