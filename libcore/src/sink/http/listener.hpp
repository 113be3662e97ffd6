// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "segment/unique_fd.hpp"
#include "sink/events.hpp"

namespace shmvideo::sink {

/// Takes connections from one socket that listens. The loop's thread only.
class Listener {
 public:
  /// Gets each connection (non-blocking), which is its own from then on, and the address that it came from.
  using Take = std::function<void(int connection, const sockaddr_storage& from)>;

  /// Throws Error(system).
  Listener(boost::asio::io_context& loop, UniqueFd listening, Take take, EventLog log);

  void accept();
  /// Takes no more of them.
  void stop();

 private:
  void accept_some();
  void pause(int error_number);

  boost::asio::posix::stream_descriptor listening_;
  boost::asio::steady_timer pause_;
  Take take_;
  EventLog log_;
};

}  // namespace shmvideo::sink
