// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>

#include "sink/mjpeg/channels.hpp"
#include "sink/mjpeg/serving_defaults.hpp"

namespace shmvideo::sink {

/// What endpoints answer from: a server's parts, as far as requests are concerned.
struct Serving {
  boost::asio::any_io_executor executor;
  Channels& channels;
  const ServingDefaults& defaults;
  std::uint64_t started_ns = 0;  ///< monotonic clock
  unsigned encoder_threads = 0;
  std::uint64_t next_viewer_id = 1;  ///< of the next stream
};

}  // namespace shmvideo::sink
