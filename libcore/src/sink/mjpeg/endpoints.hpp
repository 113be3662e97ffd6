// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>

#include "sink/http/router.hpp"
#include "sink/mjpeg/channel.hpp"
#include "sink/mjpeg/serving_defaults.hpp"

namespace shmvideo::sink {

/// The facts of a server that its status tells.
struct ServerFacts {
  std::uint64_t started_ns = 0;  ///< monotonic clock
  unsigned encoder_threads = 0;
};

// From a request to its answer. The channel outlives the outcome.
Outcome stream(Channel& channel, const ServingDefaults& defaults, const Request& request);
Outcome snapshot(boost::asio::any_io_executor executor, Channel& channel, const ServingDefaults& defaults,
                 const Request& request);
Outcome status(const Channel& channel, const ServerFacts& server, const Request& request);

}  // namespace shmvideo::sink
