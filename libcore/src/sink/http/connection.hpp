// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sink/http/head_scan.hpp"
#include "sink/http/reception.hpp"
#include "sink/http/request_head.hpp"
#include "sink/http/socket.hpp"

namespace shmvideo::sink {

/// One HTTP connection: requests one after the other, each answered through the router, until a handler
/// takes the connection over. Every wait for the other side has an end, and what it may send is bounded.
/// Lives as long as an operation of its own is under way. The loop's thread only.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  enum class Welcome {
    served,
    turned_away,  ///< its first request is answered with 503, and it is closed
  };
  /// `reception` must outlive it, and knows it while it lives.
  Connection(Socket socket, Peer peer, Reception& reception, Welcome welcome = Welcome::served);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Serves it, after a handshake where the socket has TLS.
  void start();
  void close() noexcept;

 private:
  enum class Waiting { nothing, greeting, header, next_request, sending };
  void set_deadline(Waiting waiting, std::chrono::nanoseconds from_now);
  void end_deadline();
  std::chrono::nanoseconds header_timeout() const noexcept;
  void greeted(TlsSession::Outcome outcome);
  void read_request();
  void go_on_reading();
  void read_more();
  void refuse_long_header();
  void stopped_reading();
  void handle_request(std::string_view head);
  void answer();
  bool has_room_for(const boost::asio::ip::address& client);
  void refuse(unsigned status, const std::string& why);
  void send(Reply reply);
  void sent();
  void hang_up_gently();
  void drain_before_close(std::size_t bytes_left);

  Socket socket_;
  boost::asio::steady_timer deadline_;
  std::uint64_t deadline_number_ = 0;  // of the one that is set: an older one may be late
  Waiting waiting_ = Waiting::nothing;
  bool is_late_ = false;
  Reception& reception_;
  const Welcome welcome_;
  const Peer peer_;
  boost::beast::flat_buffer buffer_;  // what has come and was not dealt with
  HeadScan scan_;                     // of it
  Request request_;
  bool has_served_ = false;  // a request, at least
  bool keep_alive_ = false;
  Reply reply_;       // under way
  std::string head_;  // of it
};

}  // namespace shmvideo::sink
