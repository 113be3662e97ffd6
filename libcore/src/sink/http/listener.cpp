// SPDX-License-Identifier: Apache-2.0
#include "sink/http/listener.hpp"

#include <boost/asio/socket_base.hpp>
#include <chrono>
#include <memory>

#include "shmvideo/error.hpp"

namespace shmvideo::sink {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

tcp::endpoint resolve(asio::io_context& loop, const std::string& host, std::uint16_t port) {
  error_code error;
  const auto found = tcp::resolver(loop).resolve(
      host, std::to_string(port), tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error || found.empty()) {
    throw Error(ErrorCode::invalid_argument, "'" + host + "' is no address to listen on: " + error.message());
  }
  return found.begin()->endpoint();
}

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

}  // namespace

Listener::Listener(asio::io_context& loop, const std::string& host, std::uint16_t port, const Router& router,
                   Traffic& traffic, EventLog log)
    : acceptor_(loop), pause_(loop), router_(router), traffic_(traffic), log_(std::move(log)) {
  const tcp::endpoint endpoint = resolve(loop, host, port);
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use) {
    throw Error(ErrorCode::system,
                text_of(endpoint) + " is taken by another program; choose another with --port",
                error.value());
  }
  if (error) {
    throw Error(ErrorCode::system, "cannot listen on " + text_of(endpoint) + ": " + error.message(),
                error.value());
  }
}

std::string Listener::url() const { return "http://" + text_of(acceptor_.local_endpoint()) + "/"; }

void Listener::accept() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
    if (!error) {
      std::make_shared<Connection>(std::move(socket), router_, traffic_, connections_)->read_request();
      return accept();
    }
    // Out of descriptors or memory, most likely: without a pause this would spin.
    log_(EventLevel::warn, "cannot take a connection: " + error.message());
    pause_.expires_after(std::chrono::milliseconds(200));
    pause_.async_wait([this](const error_code& stopped) {
      if (!stopped) accept();
    });
  });
}

void Listener::stop() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  for (Connection* connection : connections_) connection->close();
}

}  // namespace shmvideo::sink
