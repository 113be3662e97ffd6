// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "sink/http/router.hpp"
#include "sink/http/traffic.hpp"

namespace shmvideo::sink {

/// One HTTP connection: requests one after the other, each answered through the router, until a handler
/// takes the connection over. Every wait for the other side has an end, and what it may send is bounded.
/// Lives as long as an operation of its own is under way. The loop's thread only.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using All = std::unordered_set<Connection*>;

  /// `router`, `traffic` and `all` must outlive it; it is in `all` while it lives.
  Connection(boost::asio::ip::tcp::socket socket, const Router& router, Traffic& traffic, All& all);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void read_request();
  void close() noexcept;

 private:
  void set_deadline(std::chrono::nanoseconds from_now);
  void end_deadline();
  void handle_request();
  void answer();
  void handle_broken_request(const boost::system::error_code& error);
  void send(Reply reply);
  void sent();
  void hang_up_gently();
  void drain_before_close(std::size_t bytes_left);

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer deadline_;
  std::uint64_t deadline_number_ = 0;  // of the one that is set: an older one may be late
  bool is_late_ = false;
  const Router& router_;
  Traffic& traffic_;
  All& all_;
  std::string peer_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::empty_body>> parser_;
  Request request_;
  bool keep_alive_ = false;
  Reply reply_;       // under way
  std::string head_;  // of it
};

}  // namespace shmvideo::sink
