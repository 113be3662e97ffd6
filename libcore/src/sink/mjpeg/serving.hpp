// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>

#include "sink/http/access/static_files.hpp"
#include "sink/http/traffic.hpp"
#include "sink/mjpeg/channels.hpp"
#include "sink/mjpeg/endpoints/raw_shelf.hpp"
#include "sink/mjpeg/pictures/task_runner.hpp"
#include "sink/mjpeg/serving_defaults.hpp"

namespace shmvideo::sink {

/// What endpoints answer from: a server's parts, as far as requests are concerned.
struct Serving {
  boost::asio::any_io_executor executor;
  Channels& channels;
  const ServingDefaults& defaults;
  std::uint64_t started_ns = 0;  ///< monotonic clock
  unsigned encoder_threads = 0;
  TaskRunner& runner;
  const Traffic& traffic;
  std::uint64_t next_viewer_id = 1;  ///< of the next stream
  std::unique_ptr<RawShelf> raw_shelf = std::make_unique<RawShelf>();
  StaticFiles* files = nullptr;  ///< borrowed; null: there are none
};

}  // namespace shmvideo::sink
