// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <string>

#include "sink/events.hpp"
#include "sink/http/connection.hpp"
#include "sink/http/traffic.hpp"

namespace shmvideo::sink {

/// Takes connections on one address and starts a Connection for each. The loop's thread only.
class Listener {
 public:
  /// `host` is an address or a name, port 0 any free one. Throws Error: system, when the address is
  /// taken or not this machine's; invalid_argument, when it is none.
  /// `router` and `traffic` must outlive it.
  Listener(boost::asio::io_context& loop, const std::string& host, std::uint16_t port, const Router& router,
           Traffic& traffic, EventLog log);

  /// "http://127.0.0.1:8000/"
  std::string url() const;
  void accept();
  /// Takes no more connections and closes those that no handler took over.
  void stop();

 private:
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  const Router& router_;
  Traffic& traffic_;
  EventLog log_;
  Connection::All connections_;
};

}  // namespace shmvideo::sink
